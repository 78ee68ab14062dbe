SELECT event_id, name, phase, starts_on, ends_on, scope
FROM event_calendar
WHERE as_of = $as_of
ORDER BY starts_on, event_id
