-- Planned promotions of single products (view block_products), past and to come, as panel row, column and depth.
-- A promotion of the whole shop moves all of its products alike, so it is the shop's forecast that knows it.
SELECT product_row, date_diff('day', CAST($since AS DATE), date) - 1 AS panel_column, CAST(promotion AS DOUBLE) AS depth
FROM plans JOIN block_products USING (merchant_id, sku_id)
WHERE date > CAST($since AS DATE) AND date <= CAST($until AS DATE) AND promotion > 0 AND sku_id <> ''
