-- Days with the peak of a promotion among the days that are scored.
SELECT DISTINCT CAST(date_diff('day', $first, days.date) AS INTEGER) AS day
FROM (SELECT CAST(unnest(generate_series($first, CAST($as_of AS DATE), INTERVAL 1 DAY)) AS DATE) AS date) AS days
JOIN event_calendar AS event
    ON event.as_of = $as_of AND event.phase = 'peak' AND days.date BETWEEN event.starts_on AND event.ends_on
