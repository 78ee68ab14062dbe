-- Promotions and holidays, taken as planned 7 days ahead: the file of a day holds the plans of the 7th day after it,
-- the first file those of the first week too. sku_id '' is the whole shop, with the mean depth over its products.
WITH days AS (
    SELECT
        CAST(dt AS DATE) AS date,
        store_id,
        product_id,
        holiday_flag,
        CASE
            WHEN discount < 1 THEN round(1 - CAST(discount AS DOUBLE), 3)
            WHEN activity_flag = 1 THEN 0.05
            ELSE 0
        END AS promotion
    FROM read_parquet($path)
),
plans AS (
    SELECT date, store_id, '' AS sku_id, true AS open, round(avg(promotion), 4) AS promotion, max(holiday_flag) = 1 AS holiday
    FROM days
    GROUP BY date, store_id
    UNION ALL
    SELECT date, store_id, 'product-' || product_id, true, promotion, holiday_flag = 1
    FROM days
    WHERE promotion > 0
)
SELECT
    date,
    'store-' || store_id AS merchant_id,
    sku_id,
    open,
    promotion,
    holiday,
    greatest(date - 7, (SELECT min(date) FROM days)) AS delivered_on
FROM plans
ORDER BY delivered_on, date, store_id, sku_id
