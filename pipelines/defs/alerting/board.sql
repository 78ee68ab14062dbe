-- All that was told of troubles that have not been told as ended, oldest first. Digests and held-back messages tell of none.
WITH told AS (
  SELECT notification_id, as_of, alert_id, incident_id, merchant_id, route, event, severity, dedup_key, idempotency_key,
    created_at, sent_at, attempts, status
  FROM notifications
  WHERE status <> 'suppressed' AND route <> 'none'
    AND event IN ('trigger', 'update', 'escalate', 'remind', 'ack', 'resolve')
),
stories AS (
  SELECT dedup_key,
    max(created_at) FILTER (event IN ('trigger', 'update')) AS opened_at,
    max(as_of) FILTER (event IN ('trigger', 'update')) AS episode,
    max(created_at) FILTER (event = 'resolve') AS closed_at
  FROM told
  GROUP BY dedup_key
)
SELECT told.*, stories.episode
FROM told
JOIN stories USING (dedup_key)
WHERE stories.opened_at IS NOT NULL AND (stories.closed_at IS NULL OR stories.closed_at < stories.opened_at)
ORDER BY told.as_of, told.created_at, told.notification_id
