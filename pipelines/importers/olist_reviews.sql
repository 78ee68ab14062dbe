-- A review is known when it was answered. One id may stand for several orders, so the order's id is part of the key.
WITH sellers_of_order AS (
    SELECT order_id, any_value(seller_id) AS seller_id, any_value(product_id) AS product_id,
        count(DISTINCT product_id) AS products
    FROM items
    GROUP BY order_id
    HAVING count(DISTINCT seller_id) = 1
),
told AS (
    SELECT *,
        CAST(CAST(review_answer_timestamp AS TIMESTAMP) AS DATE) AS date,
        nullif(concat_ws(chr(10), trim(review_comment_title), trim(review_comment_message)), '') AS words
    FROM reviews
)
SELECT
    review_id || '-' || order_id AS review_id,
    date,
    seller_id AS merchant_id,
    CASE WHEN products = 1 THEN product_id END AS sku_id,
    review_score AS rating,
    words AS text,
    CASE WHEN words IS NOT NULL THEN 'pt' END AS language,
    date AS delivered_on
FROM told
JOIN sellers_of_order USING (order_id)
ORDER BY delivered_on, review_id
