-- Usual sales of the products that sold on a day, and of those among them whose price is far from their own usual one.
-- A list price tells most: promotions leave it alone. Where none is delivered, what was paid outside promotions stands in.
WITH
sold AS (
    SELECT
        block_merchants.place, sku_day.sku_id, sku_day.date, sku_day.units,
        nullif(coalesce(list_price, if(coalesce(on_promotion, 0) > 0, NULL, paid_price)), 0) AS price
    FROM sku_day JOIN block_merchants USING (merchant_id)
    WHERE sku_day.date BETWEEN $usual_from AND $as_of AND sku_day.units > 0
),
usual AS (
    SELECT place, sku_id, median(price) AS price, CAST(sum(CAST(units AS DECIMAL(28, 9))) AS DOUBLE) / $usual_days AS units
    FROM sold WHERE date < $first
    GROUP BY place, sku_id HAVING count(price) >= $least_days
)
SELECT
    sold.place,
    CAST(date_diff('day', $first, sold.date) AS INTEGER) AS day,
    CAST(sum(CAST(if(abs(ln(sold.price / usual.price)) > ln(1 + $odd_price), usual.units, 0) AS DECIMAL(28, 9))) AS DOUBLE)
        AS prices_units_odd,
    CAST(sum(CAST(usual.units AS DECIMAL(28, 9))) AS DOUBLE) AS prices_units_known
FROM sold JOIN usual USING (place, sku_id)
WHERE sold.date >= $first AND sold.price IS NOT NULL
GROUP BY sold.place, sold.date
