-- Days that a series has more than once, the first few.
SELECT series, day, min(row) AS first_row, max(row) AS last_row, count(*) OVER () AS days
FROM given
GROUP BY series, day
HAVING count(*) > 1
ORDER BY first_row
LIMIT $shown
