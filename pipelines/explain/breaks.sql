-- p-values that decide the red light of metrics with a control of their own, over all merchants.
SELECT merchant_id, metric, p_value
FROM metric_signals
WHERE as_of = $as_of AND kind = 'break' AND light <> 'grey' AND p_value IS NOT NULL
ORDER BY metric, merchant_id
