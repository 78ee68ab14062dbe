-- Alerts that stand on the day; the graver ones speak for milder ones of the same merchant.
SELECT alert_id, merchant_id, leg, severity
FROM alerts
WHERE as_of = $as_of AND status <> 'resolved'
