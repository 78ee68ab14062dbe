-- What was told about it, to which route, and what came of it.
SELECT as_of, event, route, status, attempts, sent_at, error, idempotency_key
FROM notifications
WHERE alert_id = CAST($alert_id AS VARCHAR) OR incident_id = CAST($incident_id AS VARCHAR)
ORDER BY as_of, created_at, route
