-- States of today by merchant: the columns that level metrics of a profile may name.
WITH
plan AS (
    SELECT
        *,
        coalesce(forecast_daily, 0) AS weight,
        lead_time_days + coalesce(review_period_days, 0) AS lead_and_review,
        on_hand - coalesce(reserved, 0) AS free_stock,
        -- what is free and what is due within the forecast's days, over the forecast of a day
        -- (greatest() passes over NULL, so what is not known must be kept so by hand)
        CASE WHEN on_hand IS NOT NULL THEN
            (greatest(on_hand - coalesce(reserved, 0), 0) + coalesce(inbound, 0) - coalesce(inbound_later, 0))
            / nullif(forecast_daily, 0) END AS cover
    FROM replenishment_plan WHERE as_of = $as_of
),
stock AS (
    SELECT
        merchant_id,
        CAST(count(*) AS DOUBLE) AS skus_listed,
        -- shares are weighted by the forecast, over products whose figure is known
        exact_sum(if(cover < coalesce(lead_and_review, $cover_days_amber), weight, NULL))
            / nullif(exact_sum(if(cover IS NOT NULL, weight, NULL)), 0) AS cover_below_amber,
        exact_sum(if(cover < coalesce(lead_time_days, $cover_days_red), weight, NULL))
            / nullif(exact_sum(if(cover IS NOT NULL, weight, NULL)), 0) AS cover_below_red,
        exact_sum(if(cover IS NOT NULL, weight, NULL)) > 0 AS cover_known,
        count(on_hand) > 0 AS stock_known,
        count(*) FILTER (free_stock <= 0 AND weight > 0) AS out_now,
        count(*) FILTER (free_stock <= 0 AND weight > 0 AND class = 'A') AS out_now_a,
        exact_sum(money_at_risk) AS stock_out_money,
        exact_sum(if(free_stock <= 0, money_at_risk, NULL)) AS stock_out_money_now,
        exact_sum(event_shortage) / nullif(exact_sum(event_demand), 0) AS promo_gap,
        count(inventory_position) FILTER (reorder_point IS NOT NULL) > 0 AS reorder_known,
        exact_sum(if(inventory_position <= reorder_point AND coalesce(inbound, 0) <= 0, weight, NULL))
            / nullif(exact_sum(if(inventory_position IS NOT NULL, weight, NULL)), 0) AS below_reorder_point,
        count(*) FILTER (inventory_position <= reorder_point AND coalesce(inbound, 0) <= 0 AND weight > 0) AS to_order,
        count(*) FILTER (
            class = 'A' AND weight > 0
            AND inventory_position <= forecast_daily * coalesce(lead_time_days, $cover_days_red)
        ) AS a_short,
        count(*) FILTER (inbound > 0) AS open_inbound,
        count(*) FILTER (inbound_late_days >= 1) AS late_inbound,
        count(*) FILTER (inbound_late_days >= 1 AND lands_after_stock_out) AS late_inbound_stock_out,
        exact_sum(stock_value) AS stock_value,
        exact_sum(stock_value * greatest(1 - weight * $excess_days_amber / nullif(on_hand, 0), 0)) AS excess_value_amber,
        exact_sum(stock_value * greatest(1 - weight * $excess_days_red / nullif(on_hand, 0), 0)) AS excess_value_red,
        exact_sum(
            if(on_hand > 0 AND listed_days > $dead_days_amber AND days_since_sale > $dead_days_amber, stock_value, NULL)
        ) AS dead_value_amber,
        exact_sum(
            if(on_hand > 0 AND listed_days > $dead_days_red AND days_since_sale > $dead_days_red, stock_value, NULL)
        ) AS dead_value_red
    FROM plan GROUP BY merchant_id
),
-- Need by weekday and hour: people's working time, over the part of an agent's time that chats may take.
history AS (
    SELECT
        merchant_id, isodow(date) AS weekday, hour,
        exact_sum(handle_seconds) / 3600.0 / count(DISTINCT date) AS load_hours
    FROM service_hour
    WHERE date > CAST($as_of AS DATE) - CAST($staffing_history_days AS INTEGER) AND date <= $as_of
    GROUP BY ALL
),
rostered AS (
    SELECT
        roster.merchant_id,
        history.load_hours / greatest(coalesce(roster.concurrency, 1), 1) / $occupancy AS need,
        coalesce(roster.agents, 0) AS agents
    FROM roster
    JOIN history
        ON history.merchant_id = roster.merchant_id
        AND history.weekday = isodow(roster.date) AND history.hour = roster.hour
    WHERE roster.date > $as_of AND roster.date <= CAST($as_of AS DATE) + CAST($staffing_days AS INTEGER)
),
staffing AS (
    SELECT
        merchant_id,
        exact_sum(greatest(need - agents, 0)) / nullif(exact_sum(need), 0) AS staffing_gap,
        CAST(count(*) FILTER (need > agents) AS DOUBLE) AS staffing_hours_short,
        CAST(count(*) AS DOUBLE) AS staffing_hours
    FROM rostered GROUP BY merchant_id
),
silence AS (
    SELECT merchant_id, max(hours_late) AS hours_since_last_row
    FROM feed_status WHERE as_of = $as_of AND connected GROUP BY merchant_id
)
SELECT
    day_merchants.place,
    CASE WHEN cover_known THEN coalesce(cover_below_amber, 0) END AS cover_share_amber,
    CASE WHEN cover_known THEN coalesce(cover_below_red, 0) END AS cover_share_red,
    skus_listed,
    CASE WHEN stock_known THEN out_now END AS skus_out,
    CASE WHEN stock_known THEN out_now_a END AS skus_out_a,
    stock_out_money,
    coalesce(stock_out_money_now, CASE WHEN stock_known THEN 0 END) AS stock_out_money_now,
    promo_gap,
    CASE WHEN reorder_known THEN coalesce(below_reorder_point, 0) END AS reorder_share,
    CASE WHEN reorder_known THEN a_short END AS reorder_a_short,
    CASE WHEN reorder_known THEN to_order END AS skus_to_order,
    open_inbound AS inbound_open,
    late_inbound AS inbound_late,
    late_inbound_stock_out AS inbound_late_stock_out,
    stock_value,
    excess_value_amber / nullif(stock_value, 0) AS excess_share_amber,
    excess_value_red / nullif(stock_value, 0) AS excess_share_red,
    CASE WHEN stock_value > 0 THEN coalesce(dead_value_amber, 0) / stock_value END AS dead_share_amber,
    CASE WHEN stock_value > 0 THEN coalesce(dead_value_red, 0) / stock_value END AS dead_share_red,
    staffing_gap, staffing_hours_short, staffing_hours,
    hours_since_last_row
FROM day_merchants
LEFT JOIN stock USING (merchant_id)
LEFT JOIN staffing USING (merchant_id)
LEFT JOIN silence USING (merchant_id)
ORDER BY day_merchants.place
