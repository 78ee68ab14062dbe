-- Turnover of the whole shop; a closed day sold nothing, a day that nobody knows has no row.
SELECT
    date,
    'store-' || store AS merchant_id,
    '' AS sku_id,
    CASE WHEN is_open THEN CAST(turnover AS DOUBLE) ELSE 0 END AS gmv,
    CAST(promotion AS DOUBLE) AS on_promotion
FROM store_days
WHERE is_open IS NOT NULL
ORDER BY date, store
