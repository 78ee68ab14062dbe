-- The events that are running or come next.
SELECT name, phase, starts_on, ends_on, scope, source
FROM event_calendar
WHERE as_of = $as_of AND ends_on > $as_of
ORDER BY starts_on, event_id
LIMIT 12
