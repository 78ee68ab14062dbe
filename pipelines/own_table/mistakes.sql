-- Rows that cannot be used, by what is wrong with them, each with the first few as examples.
SELECT mistake, count(*) AS rows, arg_min(row, row, $shown) AS examples
FROM given
WHERE mistake IS NOT NULL
GROUP BY mistake
ORDER BY min(row)
