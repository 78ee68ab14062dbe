-- sale_amount is in normalised units (multiples of 0.1), neither pieces nor money, so gmv and prices stay unknown.
-- discount 1 = none, 0.8 = 20 % off; an activity without a price cut counts as 5 %.
SELECT
    CAST(dt AS DATE) AS date,
    'store-' || store_id AS merchant_id,
    'product-' || product_id AS sku_id,
    round(CAST(sale_amount AS DOUBLE), 1) AS units,
    CASE
        WHEN discount < 1 THEN round(1 - CAST(discount AS DOUBLE), 3)
        WHEN activity_flag = 1 THEN 0.05
        ELSE 0
    END AS on_promotion,
    CAST(dt AS DATE) AS delivered_on
FROM read_parquet($path)
ORDER BY delivered_on, store_id, product_id
