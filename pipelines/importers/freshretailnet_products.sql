-- A product of a store; no price, cost or lead time is known. Delivered once, on the first day.
SELECT
    'store-' || store_id AS merchant_id,
    'product-' || product_id AS sku_id,
    'Product ' || product_id AS sku_name,
    'category-' || min(third_category_id) AS category,
    'listed' AS status,
    (SELECT min(CAST(dt AS DATE)) FROM read_parquet($path)) AS delivered_on
FROM read_parquet($path)
GROUP BY store_id, product_id
ORDER BY store_id, product_id
