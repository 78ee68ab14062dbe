-- How much busier each day ahead is than the days the profile comes from: forecast orders (else units) over their mean.
WITH
usual AS (
    SELECT merchant_id, avg(storefront_orders) AS orders, avg(sales_units) AS units
    FROM merchant_day WHERE date > CAST($since AS DATE) GROUP BY merchant_id
),
ahead AS (
    SELECT merchant_id, target_date,
        max(mean) FILTER (WHERE measure = 'orders') AS orders,
        max(mean) FILTER (WHERE measure = 'units') AS units
    FROM volume_forecast
    WHERE made_on = $as_of AND target_date > $as_of AND target_date <= CAST($until AS DATE)
    GROUP BY ALL
)
SELECT ahead.merchant_id,
    date_diff('day', CAST($as_of AS DATE), target_date) - 1 AS day,
    coalesce(ahead.orders / nullif(usual.orders, 0), ahead.units / nullif(usual.units, 0)) AS lift
FROM ahead JOIN usual USING (merchant_id)
