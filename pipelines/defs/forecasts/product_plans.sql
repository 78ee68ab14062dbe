-- Planned promotions and prices of single products (view block_products), past and to come, as panel row, column, depth
-- and log of the planned over the usual price: what was asked lately, else the list price, else what is mostly planned.
-- A promotion of the whole shop moves all of its products alike, so it is the shop's forecast that knows it.
WITH planned AS (
    SELECT product_row, merchant_id, sku_id, date, CAST(promotion AS DOUBLE) AS depth, CAST(nullif(price, 0) AS DOUBLE) AS price
    FROM plans JOIN block_products USING (merchant_id, sku_id)
    WHERE date > CAST($since AS DATE) AND date <= CAST($until AS DATE) AND (promotion > 0 OR price > 0) AND sku_id <> ''
),
priced AS (SELECT merchant_id, sku_id, median(price) AS price FROM planned WHERE price > 0 GROUP BY merchant_id, sku_id),
asked AS (
    SELECT merchant_id, sku_id, median(asked_price) AS price
    FROM (
        SELECT merchant_id, sku_id, coalesce(list_price, paid_price, gmv / nullif(units, 0)) AS asked_price
        FROM sku_day SEMI JOIN priced USING (merchant_id, sku_id)
        WHERE date > CAST($since AS DATE) AND date <= CAST($as_of AS DATE)
    )
    WHERE asked_price > 0
    GROUP BY merchant_id, sku_id
)
SELECT
    planned.product_row,
    date_diff('day', CAST($since AS DATE), planned.date) - 1 AS panel_column,
    coalesce(planned.depth, 0) AS depth,
    coalesce(ln(planned.price / CAST(coalesce(asked.price, nullif(products.unit_price, 0), priced.price) AS DOUBLE)), 0)
        AS relative_price
FROM planned
LEFT JOIN priced USING (merchant_id, sku_id)
LEFT JOIN asked USING (merchant_id, sku_id)
LEFT JOIN products USING (merchant_id, sku_id)
