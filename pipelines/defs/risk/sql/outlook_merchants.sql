-- Who has sold within the days learned from, closed shops too (a shop that went under must not be forgotten), and
-- whether ever in a calendar month at least half the trailing total of the smallest merchant judged: whoever reaches
-- that total in any four weeks has one such month.
SELECT merchant_id, max(units) >= $least_units AS large
FROM (
    SELECT merchant_id, date_trunc('month', date) AS month, sum(sales_units) AS units
    FROM merchant_day
    WHERE date BETWEEN $first AND $as_of AND sales_units > 0
    GROUP BY ALL
)
GROUP BY merchant_id
ORDER BY merchant_id
