-- Freshness of each feed for each merchant, with the merchant's place.
SELECT day_merchants.place, feed, connected, merchant_connected, status, since
FROM feed_status JOIN day_merchants USING (merchant_id)
WHERE as_of = $as_of
