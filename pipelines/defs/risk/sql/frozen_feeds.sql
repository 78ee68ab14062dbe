-- Feeds that deliver, but whose values stand still on the day: nearly every merchant's key count is that of the day
-- before, where that can be no chance. Since when is told as far as the days read reach back.
WITH
counts AS (
    SELECT
        merchant_id, date,
        CAST(sales_units AS DOUBLE) AS sales,
        CAST(storefront_visitors AS DOUBLE) AS storefront,
        CAST(fulfilment_orders AS DOUBLE) AS fulfilment,
        CAST(after_sale_orders AS DOUBLE) AS after_sale,
        CAST(coalesce(service_pre_sale_sessions, 0) + coalesce(service_after_sale_sessions, 0) AS DOUBLE) AS service,
        CAST(stock_on_hand AS DOUBLE) AS stock,
        -- Stock may well rest; it has to move where units were sold on both days.
        least(CAST(sales_units AS DOUBLE), lag(CAST(sales_units AS DOUBLE)) OVER by_merchant) AS moved
    FROM merchant_day
    WHERE date >= CAST($as_of AS DATE) - CAST($days AS INTEGER) AND date <= $as_of
    WINDOW by_merchant AS (PARTITION BY merchant_id ORDER BY date)
),
by_feed AS (
    UNPIVOT counts ON
        (sales, sales) AS sales, (storefront, storefront) AS storefront, (fulfilment, fulfilment) AS fulfilment,
        (after_sale, after_sale) AS after_sale, (service, service) AS service, (stock, moved) AS stock
    INTO NAME feed VALUE value, events
),
pairs AS (
    SELECT
        feed, date, value, events,
        lag(value) OVER by_merchant AS value_before,
        date - lag(date) OVER by_merchant AS days_between
    FROM by_feed
    WINDOW by_merchant AS (PARTITION BY feed, merchant_id ORDER BY date)
),
by_day AS (
    SELECT
        feed, date,
        count(*) AS members,
        CAST(count(*) FILTER (value = value_before) AS DOUBLE) AS same,
        -- Two days of n events each are alike by chance less often than this (a Poisson count: 0.28 over the root of n).
        sum(1 / sqrt(1 + 2 * pi() * events)) AS by_chance
    FROM pairs
    WHERE days_between = 1 AND value > 0 AND value_before > 0 AND events > 0
    GROUP BY feed, date
),
judged AS (
    SELECT *,
        -- Chernoff's bound on so many chances coming together.
        CASE WHEN same > by_chance THEN exp(same - by_chance - same * ln(same / by_chance)) ELSE 1 END AS p_value
    FROM by_day
),
states AS (SELECT *, same >= $frozen_share * members AND p_value <= $q AS frozen FROM judged)
SELECT
    feed,
    coalesce(max(date) FILTER (NOT frozen) + 1, min(date)) AS since,
    arg_max(members, date) AS members,
    arg_max(same, date) AS same,
    arg_max(by_chance, date) AS by_chance,
    arg_max(p_value, date) AS p_value
FROM states
GROUP BY feed
HAVING max(date) = $as_of AND arg_max(frozen, date)
ORDER BY feed
