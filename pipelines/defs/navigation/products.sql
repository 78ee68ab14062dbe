-- One row per listed product of the merchants of a block: stock now, what is sold, what is on the way, terms of supply.
-- Products that no product feed describes come from sales and stock of the last days.
WITH
history AS (
    SELECT
        merchant_id, sku_id,
        max(date) AS seen_on,
        -- Only a stock figure of the last days still tells today's stock.
        arg_max({'on_hand': on_hand, 'reserved': reserved}, date)
            FILTER (WHERE on_hand IS NOT NULL AND date > CAST($stock_from AS DATE)) AS stock_now,
        max(date) FILTER (WHERE units > 0) AS last_sale_on,
        exact_sum(units) AS units,
        exact_sum(gmv) AS gmv,
        -- No money at all is money that is not delivered, not goods given away.
        nullif(exact_sum(if(date > CAST($price_from AS DATE), gmv, NULL)), 0)
            / nullif(exact_sum(if(date > CAST($price_from AS DATE), units, NULL)), 0) AS paid_price,
        exact_sum(if(date > CAST($price_from AS DATE), hours_out_of_stock, NULL)) AS hours_out,
        bool_or(status = 'delisted' AND date > CAST($stock_from AS DATE)) AS delisted
    FROM sku_day GROUP BY ALL
),
known_days AS (
    SELECT merchant_id, count(DISTINCT date) AS days, min(date) AS first_on
    FROM sku_day WHERE units IS NOT NULL GROUP BY ALL
),
weeks AS (
    SELECT merchant_id, sku_id, exact_sum(units) AS week_units
    FROM sku_day
    WHERE date > CAST($weeks_from AS DATE)
    GROUP BY merchant_id, sku_id, date_diff('day', date, CAST($as_of AS DATE)) // 7
),
recovered AS (
    SELECT merchant_id, sku_id, max(weekly_cv) AS weekly_cv FROM sku_forecast
    WHERE made_on = $as_of AND target_date = CAST($as_of AS DATE) + 1 GROUP BY ALL
),
weekly AS (SELECT merchant_id, sku_id, exact_sum(week_units) AS total, exact_sum(week_units * week_units) AS squares FROM weeks GROUP BY ALL),
all_skus AS (
    SELECT merchant_id, sku_id FROM products WHERE status IS DISTINCT FROM 'delisted'
    UNION
    SELECT history.merchant_id, history.sku_id
    FROM history ANTI JOIN products USING (merchant_id, sku_id)
    WHERE history.seen_on > CAST($stock_from AS DATE) AND NOT coalesce(history.delisted, false)
),
shelf AS (
    SELECT all_skus.merchant_id, all_skus.sku_id,
        merchants.category AS merchant_category, merchants.region AS merchant_region
    FROM all_skus JOIN merchants USING (merchant_id)
    WHERE merchants.status IS DISTINCT FROM 'closed'
),
weeks_sold AS (
    -- Weeks in which the product could sell: since it was listed, among those that are known.
    SELECT shelf.merchant_id, shelf.sku_id, greatest(1, least($weeks, ceil(known_days.days / 7.0),
        coalesce(ceil(date_diff('day', products.listed_on, CAST($as_of AS DATE)) / 7.0), $weeks))) AS n
    FROM shelf LEFT JOIN known_days USING (merchant_id) LEFT JOIN products USING (merchant_id, sku_id)
),
-- How much of its promised time a line took, of the lines that were due lately; one that is still out took this long at
-- least. Some lines as promised are added to everybody's, so that a few deliveries prove little.
time_taken AS (
    SELECT merchant_id,
        date_diff('day', ordered_on, least(coalesce(closed_on, $as_of), $as_of)) / date_diff('day', ordered_on, due_on)
            AS share_of_promise
    FROM inbound
    WHERE due_on > ordered_on AND due_on <= $as_of AND due_on > CAST($punctual_from AS DATE)
        AND (units_received > 0 OR closed_on IS NULL OR closed_on > $as_of)
    UNION ALL
    SELECT merchant_id, 1.0 FROM merchants CROSS JOIN range($lines_as_promised)
),
punctuality AS (
    SELECT merchant_id, quantile_cont(share_of_promise, CAST($shares_of_lines AS DOUBLE[])) AS shares
    FROM time_taken GROUP BY merchant_id
),
open_inbound AS (
    SELECT
        inbound.merchant_id, inbound.sku_id,
        greatest(date_diff('day', inbound.due_on, CAST($as_of AS DATE)), 0) AS late_days,
        CASE
            WHEN inbound.due_on > $as_of THEN date_diff('day', CAST($as_of AS DATE), inbound.due_on)
            WHEN inbound.due_on IS NULL THEN greatest(1, CAST(ceil(
                date_diff('day', CAST($as_of AS DATE), inbound.ordered_on)
                + coalesce(products.lead_time_days, $lead_time_days)) AS BIGINT))
            ELSE $late_receipt_days
        END AS promised_day,
        -- Days that are as likely as each other; those that have passed without the line are not possible any more.
        CASE WHEN inbound.due_on > $as_of THEN list_filter(
            list_transform(punctuality.shares, lambda share: CAST(ceil(
                share * date_diff('day', inbound.ordered_on, inbound.due_on)
                - date_diff('day', inbound.ordered_on, CAST($as_of AS DATE)) - 1e-9) AS BIGINT)),
            lambda day: day >= 1
        ) END AS possible_days,
        if(len(possible_days) > 0, possible_days, [promised_day]) AS arrival_days,
        CAST(round(list_median(arrival_days)) AS BIGINT) AS expected_day,
        inbound.units_ordered - coalesce(inbound.units_received, 0) AS units
    FROM inbound LEFT JOIN products USING (merchant_id, sku_id) LEFT JOIN punctuality USING (merchant_id)
    WHERE inbound.ordered_on <= $as_of AND (inbound.closed_on IS NULL OR inbound.closed_on > $as_of)
        AND inbound.units_ordered > coalesce(inbound.units_received, 0)
        AND (inbound.due_on IS NULL OR inbound.due_on > CAST($lost_from AS DATE))
),
-- A platform that delivers no inbound at all has not said that nothing is on the way.
inbound_feed AS (SELECT count(*) > 0 AS known FROM inbound),
inbound_sums AS (
    SELECT merchant_id, sku_id,
        min(expected_day) AS next_receipt_day,
        arg_min(arrival_days, {'day': expected_day, 'days': arrival_days}) AS next_receipt_days,
        nullif(max(late_days), 0) AS inbound_late_days,
        exact_sum(if(late_days > 0, units, NULL)) AS inbound_late_units,
        exact_sum(if(expected_day > $horizon, units, NULL)) AS inbound_later,
        list({'day': expected_day, 'units': units} ORDER BY expected_day, units) FILTER (WHERE expected_day <= $horizon)
            AS receipts
    FROM open_inbound GROUP BY ALL
),
next_event AS (
    -- The promotion of the product's category or of the merchant's region or category that runs or comes first.
    SELECT shelf.merchant_id, shelf.sku_id, event_id,
        date_diff('day', CAST($as_of AS DATE), starts_on) AS event_start_day,
        date_diff('day', CAST($as_of AS DATE), ends_on) AS event_end_day
    FROM shelf
    LEFT JOIN products USING (merchant_id, sku_id)
    JOIN event_calendar ON event_calendar.as_of = $as_of AND phase = 'peak' AND ends_on > $as_of
        AND starts_on <= CAST($horizon_on AS DATE)
        AND (coalesce(scope, '') = '' OR scope IN (products.category, merchant_category, merchant_region))
    QUALIFY row_number() OVER (PARTITION BY shelf.merchant_id, shelf.sku_id ORDER BY starts_on, event_id) = 1
)
SELECT
    shelf.merchant_id, shelf.sku_id, products.sku_name,
    history.stock_now.on_hand AS on_hand,
    history.stock_now.reserved AS reserved,
    products.unit_cost,
    coalesce(history.paid_price, products.unit_price) AS unit_price,
    history.hours_out,
    date_diff('day', products.listed_on, CAST($as_of AS DATE)) AS listed_days,
    -- Never sold in the days that are known: idle for at least those days.
    coalesce(date_diff('day', history.last_sale_on, CAST($as_of AS DATE)), known_days.days) AS days_since_sale,
    coalesce(nullif(history.gmv, 0), history.units * coalesce(products.unit_price, 1)) AS value,
    -- Of demand had there been stock, where it could be recovered: weeks without stock are no weeks without demand.
    coalesce(recovered.weekly_cv, CASE WHEN weekly.total > 0 AND known_days.days >= 28 THEN
        sqrt(greatest(weekly.squares / weeks_sold.n - (weekly.total / weeks_sold.n) ** 2, 0))
            / (weekly.total / weeks_sold.n)
    END) AS weekly_cv,
    products.lead_time_days, products.lead_time_sd_days, products.review_period_days, products.order_multiple,
    products.min_order_qty, products.max_cover_days, products.shelf_life_days,
    inbound_sums.next_receipt_day, inbound_sums.next_receipt_days, inbound_sums.inbound_late_days,
    inbound_sums.inbound_late_units, inbound_sums.inbound_later, inbound_sums.receipts, inbound_feed.known AS inbound_known,
    next_event.event_id, next_event.event_start_day, next_event.event_end_day
FROM shelf
LEFT JOIN products USING (merchant_id, sku_id)
LEFT JOIN history USING (merchant_id, sku_id)
LEFT JOIN known_days USING (merchant_id)
LEFT JOIN weekly USING (merchant_id, sku_id)
LEFT JOIN weeks_sold USING (merchant_id, sku_id)
LEFT JOIN inbound_sums USING (merchant_id, sku_id)
LEFT JOIN next_event USING (merchant_id, sku_id)
LEFT JOIN recovered USING (merchant_id, sku_id)
CROSS JOIN inbound_feed
ORDER BY shelf.merchant_id, shelf.sku_id
