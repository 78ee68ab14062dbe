-- What is planned for the shops of the block, past and to come; products' own promotions and prices count for the shop
-- by their share of its products. A depth of 1 is a promotion of unknown depth. Price is the logarithm of the planned
-- over the usual one: what was asked lately, else the product's list price, else what plans say most of the time.
WITH listed AS (
    SELECT merchant_id, count(*) AS products
    FROM products
    WHERE coalesce(status, 'listed') = 'listed'
    GROUP BY merchant_id
),
priced AS (
    SELECT merchant_id, sku_id, median(price) AS price
    FROM plans
    WHERE price > 0 AND date BETWEEN CAST($first_on AS DATE) AND CAST($last_on AS DATE)
    GROUP BY merchant_id, sku_id
),
asked AS (
    SELECT merchant_id, sku_id, median(asked_price) AS price
    FROM (
        SELECT merchant_id, sku_id, coalesce(list_price, paid_price, gmv / nullif(units, 0)) AS asked_price
        FROM sku_day SEMI JOIN priced USING (merchant_id, sku_id)
        WHERE date > CAST($as_of AS DATE) - CAST($usual_days AS INTEGER)
    )
    WHERE asked_price > 0
    GROUP BY merchant_id, sku_id
),
usual AS (
    SELECT
        priced.merchant_id,
        priced.sku_id,
        CAST(coalesce(asked.price, nullif(products.unit_price, 0), priced.price) AS DOUBLE) AS price
    FROM priced
    LEFT JOIN asked USING (merchant_id, sku_id)
    LEFT JOIN products USING (merchant_id, sku_id)
),
planned AS (
    SELECT
        plans.merchant_id,
        plans.date,
        bool_and(plans.open) FILTER (plans.sku_id = '') AS open,
        CAST(max(plans.promotion) FILTER (plans.sku_id = '') AS DOUBLE) AS promotion,
        bool_or(plans.holiday) AS holiday,
        count(*) FILTER (plans.sku_id <> '' AND plans.promotion >= $promotion_least) AS promoted_products,
        count(*) FILTER (plans.sku_id <> '' AND plans.promotion > 0) AS cut_products,
        CAST(avg(plans.promotion) FILTER (plans.sku_id <> '' AND plans.promotion > 0 AND plans.promotion < 1) AS DOUBLE)
            AS depth_of_products,
        max(ln(CAST(plans.price AS DOUBLE) / usual.price)) FILTER (plans.sku_id = '' AND plans.price > 0) AS price,
        sum(ln(CAST(plans.price AS DOUBLE) / usual.price)) FILTER (plans.sku_id <> '' AND plans.price > 0)
            AS price_of_products
    FROM plans LEFT JOIN usual ON usual.merchant_id = plans.merchant_id AND usual.sku_id = plans.sku_id
    WHERE plans.date BETWEEN CAST($first_on AS DATE) AND CAST($last_on AS DATE)
    GROUP BY plans.merchant_id, plans.date
)
SELECT
    block_merchants.panel_row,
    date_diff('day', CAST($first_on AS DATE), planned.date) AS panel_column,
    coalesce(planned.open, true) AS open,
    coalesce(planned.promotion >= $promotion_least, false)
        OR coalesce(planned.promoted_products >= $promotion_least_skus * listed.products, false)
           AND planned.promoted_products > 0 AS promotion,
    coalesce(planned.holiday, false) AS holiday,
    coalesce(
        planned.promotion,
        CASE
            WHEN planned.cut_products > 0
                THEN coalesce(planned.depth_of_products * least(planned.cut_products / listed.products, 1), 1)
            ELSE 0
        END
    ) AS depth,
    coalesce(planned.price, planned.price_of_products / greatest(listed.products, 1)) AS price
FROM planned
JOIN block_merchants USING (merchant_id)
LEFT JOIN listed USING (merchant_id)
