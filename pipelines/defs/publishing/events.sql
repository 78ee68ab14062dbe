-- Events around the day. A peak is told by its climax ("Double 11 is on the 11th"), though trade begins the evening before.
SELECT
    event_id, name, phase,
    CASE WHEN phase = 'peak' THEN least(greatest(coalesce(anchor, starts_on), starts_on), ends_on) ELSE starts_on END
        AS starts_on,
    ends_on, scope
FROM event_calendar
WHERE as_of = $as_of
ORDER BY starts_on, event_id
