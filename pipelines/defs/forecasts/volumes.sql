-- Volumes of the block's merchants (view block_merchants: panel row and id) as panel row, column and numbers.
SELECT
    block_merchants.panel_row,
    date_diff('day', CAST($first_on AS DATE), date) AS panel_column,
    CAST(storefront_orders AS DOUBLE) AS orders,
    CAST(sales_units AS DOUBLE) AS units,
    CAST(sales_gmv AS DOUBLE) AS gmv,
    CAST(storefront_visitors AS DOUBLE) AS visitors,
    -- Share of the assortment's open hours without stock; by count of products where hours are not delivered.
    coalesce(
        stock_hours_out_of_stock / nullif(stock_skus * CAST($open_hours AS DOUBLE), 0),
        stock_skus_out / nullif(CAST(stock_skus AS DOUBLE), 0)
    ) AS out_of_stock_share
FROM merchant_day JOIN block_merchants USING (merchant_id)
WHERE date >= CAST($first_on AS DATE)
