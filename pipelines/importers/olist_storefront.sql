-- Orders and distinct buyers on the day of the payment's approval; visitors are not told.
SELECT
    CAST(approved_at AS DATE) AS date,
    seller_id AS merchant_id,
    count(DISTINCT order_id) AS orders,
    count(DISTINCT customer_unique_id) AS buyers,
    CAST(approved_at AS DATE) AS delivered_on
FROM parts
JOIN customers USING (customer_id)
WHERE approved_at IS NOT NULL
GROUP BY ALL
ORDER BY delivered_on, merchant_id
