-- Feeds that are silent for many of their merchants at once, or whose total has all but vanished on the day; for the
-- latter the first of the days in a row on which it had. A few merchants can all sell nothing by chance.
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
usual AS (SELECT feed, median(total) AS usual_total FROM by_day WHERE date < $as_of GROUP BY feed),
runs AS (
    SELECT
        feed,
        any_value(usual_total) AS usual_total,
        max(total) FILTER (date = $as_of) AS total,
        max(date) FILTER (total > $vanished_share * usual_total) AS alive_on,
        min(date) AS first_on
    FROM by_day JOIN usual USING (feed) GROUP BY feed
),
judged AS (
    SELECT
        by_feed.*, runs.* EXCLUDE (feed),
        coalesce(
            usual_total > 0 AND total <= $vanished_share * usual_total AND merchants >= $least_members, false
        ) AS vanished
    FROM by_feed LEFT JOIN runs USING (feed)
    WHERE merchants > 0
)
SELECT
    feed,
    merchants AS members,
    CAST(stale AS DOUBLE) / merchants AS stale_share,
    total AS observed,
    usual_total AS expected,
    CASE WHEN vanished THEN coalesce(alive_on + 1, first_on) END AS empty_since
FROM judged
WHERE vanished OR stale >= $stale_share * merchants
ORDER BY feed
