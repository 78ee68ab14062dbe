-- Only availability is known: of the 16 open hours (06:00 to 22:00), how many the product was out of stock.
SELECT
    CAST(dt AS DATE) AS date,
    'store-' || store_id AS merchant_id,
    'product-' || product_id AS sku_id,
    CAST(stock_hour6_22_cnt AS DOUBLE) AS hours_out_of_stock,
    CAST(dt AS DATE) AS delivered_on
FROM read_parquet($path)
ORDER BY delivered_on, store_id, product_id
