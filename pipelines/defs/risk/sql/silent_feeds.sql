-- Feeds that are silent for many of their merchants at once, or whose total has all but vanished on the day.
WITH
by_feed AS (
    SELECT
        feed,
        count(*) FILTER (connected AND merchant_connected) AS merchants,
        count(*) FILTER (connected AND merchant_connected AND status = 'stale') AS stale
    FROM feed_status WHERE as_of = $as_of GROUP BY feed
),
totals AS (
    SELECT
        date,
        CAST(sum(sales_units) AS DOUBLE) AS sales,
        CAST(sum(storefront_visitors) AS DOUBLE) AS storefront,
        CAST(sum(fulfilment_orders) AS DOUBLE) AS fulfilment,
        CAST(sum(after_sale_orders) AS DOUBLE) AS after_sale,
        CAST(sum(stock_on_hand) AS DOUBLE) AS stock,
        CAST(sum(coalesce(service_pre_sale_sessions, 0) + coalesce(service_after_sale_sessions, 0)) AS DOUBLE) AS service
    FROM merchant_day
    WHERE date > CAST($as_of AS DATE) - CAST($usual_days AS INTEGER) AND date <= $as_of
    GROUP BY date
),
by_day AS (UNPIVOT totals ON sales, storefront, fulfilment, after_sale, stock, service INTO NAME feed VALUE total),
usual AS (
    SELECT
        feed,
        median(total) FILTER (date < $as_of) AS usual_total,
        max(total) FILTER (date = $as_of) AS total
    FROM by_day GROUP BY feed
)
SELECT
    by_feed.feed,
    by_feed.merchants AS members,
    CAST(by_feed.stale AS DOUBLE) / by_feed.merchants AS stale_share,
    usual.total AS observed,
    usual.usual_total AS expected
FROM by_feed LEFT JOIN usual USING (feed)
WHERE by_feed.merchants > 0
  AND (
    by_feed.stale >= $stale_share * by_feed.merchants
    OR (usual.usual_total > 0 AND usual.total <= $vanished_share * usual.usual_total)
  )
ORDER BY by_feed.feed
