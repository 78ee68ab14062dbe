-- Products that need somebody first; the whole plan goes into the spreadsheet.
SELECT
    merchant_id, sku_id, sku_name, "class" AS size_class, on_hand, inbound, days_of_cover, p_stock_out_14,
    stock_out_on, stock_out_on_early, stock_out_on_late, order_qty, order_by, excess_units, event_gap, next_receipt_on
FROM replenishment_plan
SEMI JOIN merchants USING (merchant_id)
WHERE as_of = $as_of
ORDER BY merchant_id, sku_id
