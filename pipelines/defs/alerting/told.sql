-- What was told on earlier days (and of failed runs also today): follow-ups go only where the trigger went.
SELECT DISTINCT alert_id, incident_id, route, event
FROM notifications
WHERE event IN ('trigger', 'resolve')
  AND (status <> 'suppressed' OR route = 'none')
  AND (as_of < $as_of OR (event = 'trigger' AND starts_with(incident_id, $run_prefix)))
