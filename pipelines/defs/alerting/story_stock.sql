-- The merchant's products that are most likely to run out before they can be replaced.
SELECT sku_id, on_hand, inbound, days_of_cover, p_stock_out_before_receipt, stock_out_on, forecast_28, money_at_risk
FROM replenishment_plan
WHERE as_of = $as_of AND merchant_id = $merchant_id AND p_stock_out_before_receipt IS NOT NULL
ORDER BY p_stock_out_before_receipt DESC, money_at_risk DESC, sku_id
LIMIT 10
