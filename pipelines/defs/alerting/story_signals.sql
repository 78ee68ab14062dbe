-- Every metric of the merchant on the alert's leg, and the alert's own metric wherever it stands.
SELECT * EXCLUDE (as_of, merchant_id)
FROM metric_signals
WHERE as_of = $as_of AND merchant_id = $merchant_id AND (metric = $metric OR leg = $leg)
ORDER BY metric <> $metric, metric, "window"
