-- How fresh each feed is today, over all merchants.
SELECT
    feed,
    bool_or(connected) AS connected,
    count(*) AS merchants,
    count(*) FILTER (WHERE status = 'fresh') AS fresh,
    count(*) FILTER (WHERE status IN ('late', 'stale')) AS behind,
    max(feed_last_on) AS last_on
FROM feed_status
WHERE as_of = $as_of
GROUP BY feed
ORDER BY feed
