-- Days inside an event: they are not ordinary.
SELECT DISTINCT CAST(unnest(generate_series(CAST(starts_on AS TIMESTAMP), CAST(ends_on AS TIMESTAMP), INTERVAL 1 DAY)) AS DATE) AS date
FROM read_parquet($files, union_by_name = true)
