-- The plan by value class, for the analyst who opens the asset.
SELECT class,
    count(*) AS products,
    count(*) FILTER (WHERE on_hand IS NULL) AS stock_not_known,
    count(*) FILTER (WHERE order_qty > 0) AS to_order,
    count(*) FILTER (WHERE p_stock_out_14 >= 0.5) AS likely_out_in_14_days,
    count(*) FILTER (WHERE excess_units > 0) AS in_excess,
    count(*) FILTER (WHERE dead_stock) AS dead,
    count(*) FILTER (WHERE assumed <> '') AS with_defaults,
    round(sum(money_at_risk)) AS money_at_risk
FROM replenishment_plan WHERE as_of = $as_of GROUP BY class ORDER BY class
