-- Paid on the day of the payment's approval; an order that was never approved was not paid. Each item is one unit; gmv
-- is the price of the goods without freight. What was cancelled later had been paid, and stays.
SELECT
    CAST(parts.approved_at AS DATE) AS date,
    items.seller_id AS merchant_id,
    items.product_id AS sku_id,
    count(DISTINCT items.order_id) AS order_lines,
    CAST(count(*) AS DOUBLE) AS units,
    round(sum(items.price), 2) AS gmv,
    round(avg(items.price), 2) AS paid_price,
    CAST(parts.approved_at AS DATE) AS delivered_on
FROM items
JOIN parts USING (order_id, seller_id)
WHERE parts.approved_at IS NOT NULL
GROUP BY ALL
ORDER BY delivered_on, merchant_id, sku_id
