-- What is planned for the shops of the block, past and to come; products' own promotions count for the shop by their share.
WITH listed AS (
    SELECT merchant_id, count(*) AS products
    FROM products
    WHERE coalesce(status, 'listed') = 'listed'
    GROUP BY merchant_id
),
planned AS (
    SELECT
        merchant_id,
        date,
        bool_and(open) FILTER (sku_id = '') AS open,
        max(promotion) FILTER (sku_id = '') AS promotion,
        bool_or(holiday) AS holiday,
        count(*) FILTER (sku_id <> '' AND promotion >= $promotion_least) AS promoted_products
    FROM plans
    WHERE date BETWEEN CAST($first_on AS DATE) AND CAST($last_on AS DATE)
    GROUP BY merchant_id, date
)
SELECT
    block_merchants.panel_row,
    date_diff('day', CAST($first_on AS DATE), planned.date) AS panel_column,
    coalesce(planned.open, true) AS open,
    coalesce(planned.promotion >= $promotion_least, false)
        OR coalesce(planned.promoted_products >= $promotion_least_skus * listed.products, false)
           AND planned.promoted_products > 0 AS promotion,
    coalesce(planned.holiday, false) AS holiday
FROM planned
JOIN block_merchants USING (merchant_id)
LEFT JOIN listed USING (merchant_id)
