-- Stores are the merchants; when they opened is not known. Delivered once, on the first day.
SELECT
    'store-' || store_id AS merchant_id,
    'Store ' || store_id AS merchant_name,
    'fresh food' AS category,
    'city-' || min(city_id) AS region,
    'open' AS status,
    'zh-CN' AS locale,
    'Asia/Shanghai' AS timezone,
    false AS mentor_opt_in,
    (SELECT min(CAST(dt AS DATE)) FROM read_parquet($path)) AS delivered_on
FROM read_parquet($path)
GROUP BY store_id
ORDER BY store_id
