-- Known days of the products (view block_products: keys and panel row) as row, column, units and share out of stock.
SELECT
    product_row,
    date_diff('day', CAST($since AS DATE), date) - 1 AS panel_column,
    -- A day without stock of which no hours are known is masked: it says nothing of demand. A sale proves stock, so a
    -- day that sold and ended empty stays; leaving it out would leave out the busiest days.
    CASE WHEN out_share = 1 AND hours_out_of_stock IS NULL THEN NULL ELSE units END AS units,
    out_share,
    hours_out_of_stock IS NOT NULL OR on_hand IS NOT NULL AS stock_told
FROM (
    SELECT
        product_row, date, CAST(units AS DOUBLE) AS units, hours_out_of_stock, on_hand,
        CASE
            WHEN hours_out_of_stock IS NOT NULL THEN least(hours_out_of_stock / CAST($open_hours AS DOUBLE), 1)
            WHEN units > 0 OR on_hand IS NULL OR on_hand - coalesce(reserved, 0) > 0 THEN 0
            ELSE 1
        END AS out_share
    FROM sku_day JOIN block_products USING (merchant_id, sku_id)
    WHERE date > CAST($since AS DATE) AND date <= CAST($as_of AS DATE)
)
