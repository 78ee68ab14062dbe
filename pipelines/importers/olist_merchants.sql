-- The main category is that of most items in the files; where a seller is from is told, since when it sells is not.
-- Delivered once, on the first day.
WITH sold AS (
    SELECT DISTINCT order_id, order_item_id, seller_id, product_id FROM items
    UNION
    SELECT order_id, order_item_id, seller_id, product_id FROM more_items
),
main AS (
    SELECT seller_id, coalesce(product_category_name_english, product_category_name) AS category
    FROM sold
    JOIN products USING (product_id)
    LEFT JOIN translation USING (product_category_name)
    WHERE product_category_name IS NOT NULL
    GROUP BY seller_id, coalesce(product_category_name_english, product_category_name)
    QUALIFY row_number() OVER (PARTITION BY seller_id ORDER BY count(*) DESC, category) = 1
)
SELECT
    sellers.seller_id AS merchant_id,
    'Olist seller ' || left(sellers.seller_id, 8) || $suffix AS merchant_name,
    main.category,
    sellers.seller_state AS region,
    'open' AS status,
    false AS mentor_opt_in,
    (SELECT min(date) FROM parts) AS delivered_on
FROM sellers
LEFT JOIN main USING (seller_id)
ORDER BY sellers.seller_id
