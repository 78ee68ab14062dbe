-- Alerts of the merchant as the day left them.
SELECT *
FROM alerts
WHERE as_of = $as_of AND merchant_id = $merchant_id
ORDER BY alert_id
