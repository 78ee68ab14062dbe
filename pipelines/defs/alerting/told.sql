-- What was told on earlier days (and of failed runs also today): follow-ups go only where the trigger went.
-- Who was told by an escalation was told like by a trigger.
SELECT DISTINCT alert_id, incident_id, route, if(event = 'escalate', 'trigger', event) AS event
FROM notifications
WHERE event IN ('trigger', 'escalate', 'resolve')
  AND (status <> 'suppressed' OR route = 'none')
  AND (as_of < $as_of OR (event = 'trigger' AND starts_with(incident_id, $run_prefix)))
