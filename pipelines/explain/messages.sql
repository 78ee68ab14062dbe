-- What was written into the outbox for the day about the merchant's alerts, and why not where it was not told.
SELECT alert_id, incident_id, event, route, status, error, sent_at, attempts
FROM notifications
WHERE as_of = $as_of AND merchant_id = $merchant_id AND alert_id IS NOT NULL
ORDER BY alert_id, created_at, route
