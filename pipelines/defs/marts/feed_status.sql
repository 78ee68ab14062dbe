-- How fresh each feed is for each merchant: the last day it spoke, and how long it has been silent beyond its cadence.
WITH
last_days AS (
    -- One row per merchant and feed with the dates on which the feed spoke of the merchant.
    SELECT merchant_id, feed, max(date) AS last_on FROM (
        UNPIVOT (
            SELECT merchant_id, date,
                -- A platform may count only some of a feed's columns; any of them is a word.
                coalesce(sales_units, sales_gmv, sales_order_lines) AS sales, stock_skus AS stock,
                coalesce(storefront_visitors, storefront_orders, storefront_buyers) AS storefront,
                fulfilment_orders AS fulfilment,
                coalesce(service_pre_sale_sessions, service_after_sale_sessions) AS service,
                after_sale_orders AS after_sale, cases_cases_closed AS cases,
                nullif(reviews_count, 0) AS reviews,
                nullif(coalesce(surveys_nps_count, 0) + coalesce(surveys_csat_count, 0), 0) AS surveys,
                coalesce(consultations_pre_sale_human, consultations_after_sale_human) AS consultations,
                roster_agent_hours AS roster
            FROM (
                SELECT * REPLACE (
                    CAST(sales_units AS DOUBLE) AS sales_units, CAST(sales_gmv AS DOUBLE) AS sales_gmv,
                    CAST(sales_order_lines AS DOUBLE) AS sales_order_lines, CAST(stock_skus AS DOUBLE) AS stock_skus,
                    CAST(storefront_visitors AS DOUBLE) AS storefront_visitors,
                    CAST(storefront_orders AS DOUBLE) AS storefront_orders,
                    CAST(storefront_buyers AS DOUBLE) AS storefront_buyers,
                    CAST(fulfilment_orders AS DOUBLE) AS fulfilment_orders,
                    CAST(service_pre_sale_sessions AS DOUBLE) AS service_pre_sale_sessions,
                    CAST(service_after_sale_sessions AS DOUBLE) AS service_after_sale_sessions,
                    CAST(after_sale_orders AS DOUBLE) AS after_sale_orders,
                    CAST(cases_cases_closed AS DOUBLE) AS cases_cases_closed,
                    CAST(reviews_count AS DOUBLE) AS reviews_count,
                    CAST(surveys_nps_count AS DOUBLE) AS surveys_nps_count,
                    CAST(surveys_csat_count AS DOUBLE) AS surveys_csat_count,
                    CAST(consultations_pre_sale_human AS DOUBLE) AS consultations_pre_sale_human,
                    CAST(consultations_after_sale_human AS DOUBLE) AS consultations_after_sale_human,
                    CAST(roster_agent_hours AS DOUBLE) AS roster_agent_hours
                ) FROM merchant_day
            )
        ) ON sales, stock, storefront, fulfilment, service, after_sale, cases, reviews, surveys, consultations, roster
        INTO NAME feed VALUE said
    ) GROUP BY ALL
    -- Feeds without a daily column speak when a new version is delivered.
    UNION ALL SELECT merchant_id, 'products', max(known_on) FROM products GROUP BY ALL
    UNION ALL SELECT merchant_id, 'inbound', max(known_on) FROM inbound GROUP BY ALL
    UNION ALL SELECT merchant_id, 'plans', max(known_on) FROM plans GROUP BY ALL
    UNION ALL SELECT merchant_id, 'service_hour', max(date) FROM service_hour GROUP BY ALL
),
feed_days AS (
    SELECT feed, max(last_on) AS feed_last_on FROM last_days GROUP BY feed
    UNION ALL SELECT 'events', max(known_on) FROM events HAVING max(known_on) IS NOT NULL
),
wanted AS (SELECT unnest($feeds) AS feed, unnest($cadences) AS cadence_hours),
-- The longest silence that each merchant is used to, over the feeds that are judged by merchant.
gaps AS (
    SELECT merchant_id, greatest(max(gap), 1) AS longest_gap FROM (
        SELECT merchant_id, date - lag(date) OVER (PARTITION BY merchant_id ORDER BY date) AS gap
        FROM merchant_day
        WHERE date > CAST($as_of AS DATE) - CAST($history_days AS INTEGER)
            AND coalesce(sales_units, sales_gmv, sales_order_lines) IS NOT NULL
    ) GROUP BY merchant_id
),
silent AS (
    SELECT
        merchants.merchant_id, wanted.feed, wanted.cadence_hours,
        feed_days.feed_last_on IS NOT NULL AS connected,
        last_days.last_on IS NOT NULL AS merchant_connected,
        last_days.last_on,
        feed_days.feed_last_on,
        CASE
            WHEN wanted.cadence_hours = 0 THEN NULL
            WHEN list_contains($by_merchant, wanted.feed)
                THEN coalesce(last_days.last_on + CAST(gaps.longest_gap AS INTEGER) - 1, feed_days.feed_last_on)
            ELSE feed_days.feed_last_on
        END AS judged_on
    FROM merchants
    CROSS JOIN wanted
    LEFT JOIN last_days ON last_days.merchant_id = merchants.merchant_id AND last_days.feed = wanted.feed
    LEFT JOIN feed_days ON feed_days.feed = wanted.feed
    LEFT JOIN gaps ON gaps.merchant_id = merchants.merchant_id
    WHERE merchants.status <> 'closed'
),
late AS (
    SELECT *,
        CASE WHEN judged_on < CAST($as_of AS DATE)
            THEN ((CAST($as_of AS DATE) - judged_on) * 24 + $run_hour) * 24 / cadence_hours ELSE 0 END AS hours_late
    FROM silent
)
SELECT
    CAST($as_of AS DATE) AS as_of, merchant_id, feed, connected, merchant_connected, last_on, feed_last_on,
    hours_late,
    CASE
        WHEN NOT connected THEN 'not_connected'
        WHEN hours_late > $stale_hours THEN 'stale'
        WHEN hours_late > $late_hours THEN 'late'
        ELSE 'fresh'
    END AS status,
    CASE WHEN connected AND hours_late > $late_hours THEN coalesce(judged_on, feed_last_on) + 1 END AS since
FROM late
ORDER BY merchant_id, feed
