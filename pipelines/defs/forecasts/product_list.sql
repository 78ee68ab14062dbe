-- Listed products of the shops asked for (view block_shops: id, position, category), in the order of the panel's rows.
-- Products that no product feed describes come from sales and stock of the last days.
WITH seen AS (
    SELECT merchant_id, sku_id, bool_or(units IS NOT NULL) AS sold
    FROM sku_day
    WHERE date > CAST($since AS DATE)
    GROUP BY merchant_id, sku_id
),
listed AS (
    SELECT merchant_id, sku_id, category, listed_on FROM products WHERE coalesce(status, 'listed') = 'listed'
    UNION ALL
    SELECT seen.merchant_id, seen.sku_id, NULL, NULL FROM seen ANTI JOIN products USING (merchant_id, sku_id)
)
SELECT
    listed.merchant_id,
    listed.sku_id,
    block_shops.shop,
    coalesce(listed.category, block_shops.category) AS category,
    date_diff('day', CAST($since AS DATE) + 1, listed.listed_on) AS listed_column
FROM listed JOIN block_shops USING (merchant_id)
-- Where only the shop's total is delivered, nothing is known of its products; that is not an even split.
WHERE merchant_id IN (SELECT merchant_id FROM seen WHERE sold)
    OR merchant_id NOT IN (SELECT merchant_id FROM merchant_day WHERE sales_units IS NOT NULL)
ORDER BY block_shops.shop, listed.sku_id
