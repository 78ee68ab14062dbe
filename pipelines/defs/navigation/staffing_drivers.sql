-- What brings consultations: visitors, orders and units of the merchants asked for (view desk_merchants), known and
-- forecast, by row and day from the first known one; `spread` of a forecast is its standard deviation over its mean.
-- `told` says that the daily feed counts no consultation, so that a day without hourly rows is a quiet one and not one
-- whose hours nobody delivered; hours are delivered from $hours_from on.
SELECT
    desk_merchants.row,
    date_diff('day', CAST($since AS DATE), date) - 1 AS day,
    CAST(storefront_visitors AS DOUBLE) AS visitors,
    CAST(storefront_orders AS DOUBLE) AS orders,
    CAST(sales_units AS DOUBLE) AS units,
    NULL AS visitors_spread, NULL AS orders_spread, NULL AS units_spread,
    date >= CAST($hours_from AS DATE)
        AND coalesce(service_pre_sale_sessions, service_after_sale_sessions) IS NOT NULL
        AND coalesce(service_pre_sale_sessions, 0) + coalesce(service_after_sale_sessions, 0) = 0 AS told
FROM merchant_day JOIN desk_merchants USING (merchant_id)
WHERE date > CAST($lead_from AS DATE) AND date <= CAST($as_of AS DATE)
UNION ALL
SELECT
    row,
    date_diff('day', CAST($since AS DATE), target_date) - 1,
    max(mean) FILTER (WHERE measure = 'visitors'),
    max(mean) FILTER (WHERE measure = 'orders'),
    max(mean) FILTER (WHERE measure = 'units'),
    max(spread) FILTER (WHERE measure = 'visitors'),
    max(spread) FILTER (WHERE measure = 'orders'),
    max(spread) FILTER (WHERE measure = 'units'),
    false
FROM (
    SELECT row, target_date, measure, mean, greatest(q90 - q10, 0) / 2.5631031 / nullif(mean, 0) AS spread
    FROM volume_forecast JOIN desk_merchants USING (merchant_id)
    WHERE made_on = $as_of AND target_date > CAST($as_of AS DATE) AND target_date <= CAST($until AS DATE)
)
GROUP BY row, target_date
