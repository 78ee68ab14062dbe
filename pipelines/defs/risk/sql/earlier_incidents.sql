-- Incidents as they stood on the newest earlier day.
SELECT * FROM incidents
WHERE as_of = (SELECT max(as_of) FROM incidents WHERE as_of < $as_of) AND as_of < $as_of
ORDER BY incident_id
