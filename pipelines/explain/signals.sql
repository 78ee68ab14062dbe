-- Every metric of the merchant in every window, all columns.
SELECT * EXCLUDE (as_of, merchant_id)
FROM metric_signals
WHERE as_of = $as_of AND merchant_id = $merchant_id
ORDER BY leg, metric, "window"
