-- Parquet files of one schema; the first row is line 1.
SELECT batch_files.file_number, raw.file_row_number + 1 AS line, raw.* EXCLUDE (file_row_number, filename)
FROM read_parquet($paths, filename = true, file_row_number = true, hive_partitioning = false) AS raw
JOIN batch_files ON batch_files.path = raw.filename
