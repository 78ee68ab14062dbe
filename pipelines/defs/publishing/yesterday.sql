-- What was forecast the day before for the last day, and what came.
SELECT merchant_id, measure, mean, q10, q90, actual
FROM forecast_residuals
SEMI JOIN merchants USING (merchant_id)
WHERE as_of = $as_of AND horizon = 1 AND date = $as_of
ORDER BY merchant_id, measure
