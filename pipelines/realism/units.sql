-- Units of each shop and day, where no shop front tells orders; the newest file wins.
WITH newest AS (
    SELECT CAST(date AS DATE) AS date, merchant_id, sku_id, max_by(units, filename) AS units
    FROM read_parquet($files, filename = true, union_by_name = true)
    GROUP BY ALL
)
SELECT date, merchant_id, CAST(sum(units) AS DOUBLE) AS amount FROM newest GROUP BY ALL
