-- Per file: how many rows are bad, of how many merchants (a row that names none counts as one of its own), and the
-- column and rule that they break most often, with the first line.
WITH kinds AS (
    SELECT file_number, "column", rule, count(*) AS times, min(line) AS first_line FROM rejected GROUP BY ALL
),
files AS (
    SELECT
        file_number, count(*) AS rows,
        count(DISTINCT merchant_id) + count(*) FILTER (merchant_id IS NULL) AS merchants
    FROM rejected
    GROUP BY ALL
)
SELECT files.file_number, files.rows, files.merchants, kinds."column", kinds.rule, kinds.times, kinds.first_line
FROM files
JOIN kinds USING (file_number)
QUALIFY row_number() OVER (PARTITION BY files.file_number ORDER BY kinds.times DESC, kinds.first_line) = 1
