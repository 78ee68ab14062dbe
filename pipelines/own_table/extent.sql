-- What the table spans: days with values, and what is counted about the rest.
WITH bounds AS (SELECT min(day) AS first_on, max(day) AS last_on FROM given WHERE value IS NOT NULL)
SELECT
    first_on,
    last_on,
    (SELECT max(day) FROM given WHERE value IS NOT NULL AND day < last_on) AS before_last_on,
    count(*) AS rows,
    count(value) AS known,
    count(DISTINCT day) FILTER (value IS NOT NULL) AS days,
    bool_and(value = floor(value)) FILTER (value IS NOT NULL) AS whole,
    count(*) FILTER (value IS NULL AND day <= last_on) AS unknown,
    count(*) FILTER (value IS NOT NULL AND is_open = false) AS closed_values,
    count(*) FILTER (day > last_on) AS ahead,
    count(*) FILTER (day > last_on + CAST($horizon AS INTEGER)) AS beyond
FROM given CROSS JOIN bounds
GROUP BY first_on, last_on
