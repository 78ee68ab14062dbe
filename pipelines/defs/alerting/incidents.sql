-- Incidents that are open on the day.
SELECT incident_id, scope, "group", leg, metric, effect, p_value, members, opened_on, status
FROM incidents
WHERE as_of = $as_of AND status = 'open'
