-- Which seller sells which product, known from the first order on; of items without their order, from the ship-by time
-- on, which is later than the order. Names, prices and lead times are not told.
WITH seen AS (
    SELECT seller_id, product_id, CAST(purchased_at AS DATE) AS seen_on
    FROM items JOIN parts USING (order_id, seller_id)
    UNION ALL
    SELECT seller_id, product_id, CAST(CAST(shipping_limit_date AS TIMESTAMP) AS DATE) FROM more_items
)
SELECT
    seen.seller_id AS merchant_id,
    seen.product_id AS sku_id,
    any_value(coalesce(product_category_name_english, product_category_name)) AS category,
    'listed' AS status,
    least(min(seen.seen_on), (SELECT max(last_on) FROM parts)) AS delivered_on
FROM seen
LEFT JOIN products USING (product_id)
LEFT JOIN translation USING (product_category_name)
GROUP BY seen.seller_id, seen.product_id
ORDER BY delivered_on, merchant_id, sku_id
