-- Incidents of the day.
SELECT incident_id, scope, "group", leg, metric, round(effect, 2) AS effect, members, opened_on, status
FROM incidents WHERE as_of = $as_of
ORDER BY status, incident_id
