-- CSV files of one header, all columns as text. Rows come in the order of the list, so a row's line is its place less
-- the rows of the files before it; the header is line 1.
SELECT
    batch_files.file_number,
    numbered.place - batch_files.rows_before + 1 AS line,
    numbered.* EXCLUDE (place, filename)
FROM (
    SELECT row_number() OVER () AS place, *
    FROM read_csv(
        $paths, columns = $columns, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
        filename = true, hive_partitioning = false, max_line_size = 4194304, strict_mode = true
    )
) AS numbered
JOIN batch_files ON batch_files.path = numbered.filename
