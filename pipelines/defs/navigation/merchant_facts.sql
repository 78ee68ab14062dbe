-- One row per merchant of the block: segment, forecast ahead, last week against its forecast, events and lights.
WITH
segment AS (SELECT merchant_id, growth_stage, size_class, age_days FROM segments WHERE as_of = $as_of),
ahead AS (
    SELECT merchant_id,
        exact_sum(if(measure = 'gmv' AND target_date <= CAST($as_of AS DATE) + 14, mean, NULL)) AS gmv_14,
        exact_sum(if(measure = 'gmv', mean, NULL)) / count(if(measure = 'gmv', mean, NULL)) AS gmv_day,
        exact_sum(if(measure = 'orders', mean, NULL)) / count(if(measure = 'orders', mean, NULL)) AS orders_day,
        -- The median day: an event ahead does not lift what counts as usual.
        median(mean) FILTER (WHERE measure = 'units') AS units_day
    FROM volume_forecast WHERE made_on = $as_of AND target_date > $as_of GROUP BY merchant_id
),
last_week AS (
    SELECT merchant_id,
        max(actual) FILTER (WHERE measure = 'gmv') AS gmv_7,
        max(mean) FILTER (WHERE measure = 'gmv') AS gmv_7_expected,
        max(actual) FILTER (WHERE measure = 'units') AS units_7,
        max(mean) FILTER (WHERE measure = 'units') AS units_7_expected,
        max(q975) FILTER (WHERE measure = 'units') AS units_7_high,
        max(actual) FILTER (WHERE measure = 'visitors') AS visitors_7,
        max(mean) FILTER (WHERE measure = 'visitors') AS visitors_7_expected
    FROM forecast_residuals WHERE as_of = $as_of AND horizon = 7 AND date = $as_of GROUP BY merchant_id
),
stock_money AS (
    SELECT merchant_id,
        exact_sum(money_at_risk) AS stock_out_money,
        exact_sum(event_shortage * unit_price) AS event_gap_money,
        exact_sum(CASE WHEN dead_stock THEN stock_value ELSE excess_units * coalesce(unit_cost, unit_price) END)
            AS surplus_value
    FROM replenishment_plan WHERE as_of = $as_of GROUP BY merchant_id
),
events_of_merchant AS (
    -- People count to the day an event is named after, not to the evening before it on which it may begin.
    SELECT merchants.merchant_id, event_id, name, starts_on, ends_on, coalesce(anchor, starts_on) AS event_on
    FROM merchants JOIN event_calendar
        ON event_calendar.as_of = $as_of AND phase = 'peak'
        AND (coalesce(scope, '') = '' OR scope IN (merchants.category, merchants.region))
),
next_event AS (
    SELECT * FROM events_of_merchant WHERE ends_on >= $as_of
    QUALIFY row_number() OVER (PARTITION BY merchant_id ORDER BY starts_on, event_id) = 1
),
past_event AS (
    SELECT * FROM events_of_merchant WHERE ends_on < $as_of
    QUALIFY row_number() OVER (PARTITION BY merchant_id ORDER BY ends_on DESC, event_id) = 1
),
event_volume AS (
    SELECT next_event.merchant_id,
        exact_sum(if(measure = 'units', mean, NULL)) AS event_units,
        exact_sum(if(measure = 'gmv', mean, NULL)) AS event_gmv,
        exact_sum(if(measure = 'units', mean, NULL)) / count(if(measure = 'units', mean, NULL)) AS event_units_day
    FROM next_event JOIN volume_forecast
        ON volume_forecast.merchant_id = next_event.merchant_id AND made_on = $as_of
        AND target_date BETWEEN starts_on AND ends_on
    GROUP BY next_event.merchant_id
),
legs AS (
    SELECT merchant_id,
        count(*) FILTER (WHERE light = 'red') AS legs_red,
        count(*) FILTER (WHERE light = 'amber') AS legs_amber,
        count(*) FILTER (WHERE light = 'star') AS legs_star,
        count(*) FILTER (WHERE light <> 'grey') AS legs_known,
        max(light) FILTER (WHERE leg = 'stock_prep') AS light_stock_prep,
        max(light) FILTER (WHERE leg = 'sales') AS light_sales,
        max(light) FILTER (WHERE leg = 'fulfilment') AS light_fulfilment,
        max(light) FILTER (WHERE leg = 'service') AS light_service,
        max(light) FILTER (WHERE leg = 'after_sale') AS light_after_sale,
        max(light) FILTER (WHERE leg = 'experience') AS light_experience,
        max(light) FILTER (WHERE leg = 'replenishment') AS light_replenishment
    FROM leg_status WHERE as_of = $as_of GROUP BY merchant_id
)
SELECT
    merchants.merchant_id, merchants.locale,
    segment.* EXCLUDE (merchant_id),
    ahead.* EXCLUDE (merchant_id),
    ahead.gmv_day / nullif(ahead.orders_day, 0) AS order_value,
    last_week.* EXCLUDE (merchant_id),
    last_week.units_7 / nullif(last_week.units_7_expected, 0) AS surge,
    last_week.units_7 / nullif(last_week.units_7_expected, 0) - 1 AS surge_share,
    last_week.units_7 > last_week.units_7_high AS above_band,
    stock_money.* EXCLUDE (merchant_id),
    next_event.name AS event_name,
    next_event.event_on,
    next_event.starts_on AS event_starts_on,
    next_event.ends_on AS event_ends_on,
    date_diff('day', CAST($as_of AS DATE), next_event.event_on) AS event_in_days,
    event_volume.event_units,
    event_volume.event_gmv,
    event_volume.event_units_day / nullif(ahead.units_day, 0) AS event_lift,
    past_event.name AS past_event_name,
    past_event.ends_on AS past_event_ends_on,
    date_diff('day', past_event.ends_on, CAST($as_of AS DATE)) AS past_event_days,
    legs.* EXCLUDE (merchant_id)
FROM merchants
LEFT JOIN segment USING (merchant_id)
LEFT JOIN ahead USING (merchant_id)
LEFT JOIN last_week USING (merchant_id)
LEFT JOIN stock_money USING (merchant_id)
LEFT JOIN next_event USING (merchant_id)
LEFT JOIN past_event USING (merchant_id)
LEFT JOIN event_volume USING (merchant_id)
LEFT JOIN legs USING (merchant_id)
WHERE merchants.status IS DISTINCT FROM 'closed'
ORDER BY merchants.merchant_id
