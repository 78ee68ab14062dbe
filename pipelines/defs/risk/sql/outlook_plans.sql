-- Days that merchants of a block have announced as closed or as a promotion, and when they did.
SELECT
    block_merchants.place,
    CAST(date_diff('day', $first, plans.date) AS INTEGER) AS day,
    CAST(coalesce(NOT bool_and(plans.open), false) AS INTEGER) AS closed,
    CAST(coalesce(max(plans.promotion), 0) AS FLOAT) AS promotion,
    max(plans.known_on) AS known_on
FROM plans
JOIN block_merchants USING (merchant_id)
WHERE plans.sku_id = '' AND plans.date BETWEEN $first AND $last
GROUP BY ALL
HAVING coalesce(NOT bool_and(plans.open), false) OR coalesce(max(plans.promotion), 0) > 0
