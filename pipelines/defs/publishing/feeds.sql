SELECT merchant_id, feed, status, last_on, since
FROM feed_status
SEMI JOIN merchants USING (merchant_id)
WHERE as_of = $as_of
ORDER BY merchant_id, feed
