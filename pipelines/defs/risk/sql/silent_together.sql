-- Merchants of a feed whose last row is of one and the same day: the day on which most of those that are stale now fell
-- silent, how many fell silent on other days lately, and how many the feed is connected for.
WITH
by_day AS (
    SELECT
        feed, last_on,
        count(*) FILTER (status = 'stale' AND last_on >= CAST($as_of AS DATE) - CAST($usual_days AS INTEGER)) AS silent,
        count(*) AS merchants
    FROM feed_status
    WHERE as_of = $as_of AND connected AND merchant_connected
    GROUP BY feed, last_on
)
SELECT
    feed,
    CAST(sum(merchants) AS BIGINT) AS merchants,
    CAST(max(silent) AS BIGINT) AS members,
    CAST(sum(silent) - max(silent) AS BIGINT) AS others,
    arg_max(last_on, {'silent': silent, 'last_on': last_on}) AS last_on
FROM by_day
GROUP BY feed
ORDER BY feed
