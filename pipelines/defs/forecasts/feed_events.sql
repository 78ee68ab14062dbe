-- Events of the feed as known on the day; a row without days that make sense says nothing.
SELECT
    event_id,
    coalesce(name, '') AS name,
    coalesce(phase, 'peak') AS phase,
    starts_on,
    ends_on,
    coalesce(scope, '') AS scope
FROM events
WHERE starts_on IS NOT NULL AND ends_on >= starts_on
ORDER BY event_id
