-- Feeds that do not tell the block's merchants anything today, with the leg whose light each brings back
-- (view feed_legs: feed, leg).
SELECT
    feed_status.merchant_id, feed_status.feed, feed_legs.leg, feed_status.status, connected, merchant_connected,
    last_on, since, date_diff('day', last_on, CAST($as_of AS DATE)) AS days_silent
FROM feed_status
JOIN merchants USING (merchant_id)
JOIN feed_legs USING (feed)
WHERE feed_status.as_of = $as_of AND feed_status.status IN ('stale', 'not_connected')
    AND merchants.status IS DISTINCT FROM 'closed'
