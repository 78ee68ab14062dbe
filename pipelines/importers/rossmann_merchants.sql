-- Stores are the merchants. Their type (a to d) is the source's own grouping; what it stands for is not told.
SELECT
    'store-' || "Store" AS merchant_id,
    'Store ' || "Store" AS merchant_name,
    'store type ' || "StoreType" AS category,
    'open' AS status,
    false AS mentor_opt_in,
    (SELECT min(date) FROM store_days) AS delivered_on
FROM stores
WHERE "Store" IN (SELECT store FROM store_days)
ORDER BY "Store"
