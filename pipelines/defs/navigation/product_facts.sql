-- The block's replenishment plan as facts for the playbook; a product without a name is called by its id.
SELECT
    plan.merchant_id, plan.sku_id, coalesce(nullif(sku_name, ''), plan.sku_id) AS sku_name,
    on_hand, inbound, inventory_position, days_of_cover, p_stock_out_14, stock_out_on, safety_stock, reorder_point,
    order_up_to, order_qty, order_by, date_diff('day', CAST($as_of AS DATE), order_by) AS order_in_days,
    excess_units, excess_units * coalesce(unit_cost, unit_price) AS excess_value, plan.class, variability,
    forecast_daily, forecast_28, lead_time_days, unit_price, stock_value, listed_days, days_since_sale, dead_stock,
    event_stock, event_demand, event_shortage,
    -- An order that is due anyway comes in whole cases and covers the event too.
    greatest(ceil(event_shortage), coalesce(order_qty, 0)) AS event_order_qty, event_gap,
    inventory_position <= reorder_point AS at_reorder_point, inbound_late_days, inbound_late_units, next_receipt_on,
    lands_after_stock_out, p_stock_out_before_receipt, expected_lost_units, money_at_risk,
    on_hand - coalesce(reserved, 0) AS free_stock, hours_out
FROM replenishment_plan AS plan
JOIN merchants USING (merchant_id)
-- Products that nothing is to be said about stay out: their stock is not known, or all is well with it.
WHERE plan.as_of = $as_of
    AND (order_qty > 0 OR p_stock_out_14 >= 0.1 OR event_gap > 0 OR excess_units > 0 OR dead_stock
        OR inbound_late_days > 0 OR hours_out > 0)
