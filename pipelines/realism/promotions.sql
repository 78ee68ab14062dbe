-- Days on which a whole shop was on promotion, as planned.
SELECT CAST(date AS DATE) AS date, merchant_id
FROM read_parquet($files, filename = true, union_by_name = true)
WHERE sku_id = ''
GROUP BY ALL
HAVING max_by(promotion, filename) >= $least
