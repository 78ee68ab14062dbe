-- Customers at the till stand for orders; visitors and distinct buyers are not known.
SELECT
    date,
    'store-' || store AS merchant_id,
    CASE WHEN is_open THEN customers ELSE 0 END AS orders
FROM store_days
WHERE is_open IS NOT NULL
ORDER BY date, store
