-- Orders of each shop and day as the shop fronts tell them; the newest file wins.
SELECT CAST(date AS DATE) AS date, merchant_id, CAST(max_by(orders, filename) AS DOUBLE) AS amount
FROM read_parquet($files, filename = true, union_by_name = true)
GROUP BY ALL
