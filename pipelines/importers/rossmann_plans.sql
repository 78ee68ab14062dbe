-- sku_id '' is the whole shop. The holiday of a day without a row of its own is not known; open neither, in official gaps.
SELECT
    date,
    'store-' || store AS merchant_id,
    '' AS sku_id,
    is_open AS open,
    CAST(promotion AS DOUBLE) AS promotion,
    holiday
FROM store_days
ORDER BY date, store
