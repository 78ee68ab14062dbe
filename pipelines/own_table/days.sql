-- The rows that are used, by the place of their series, so that a block of series is a range of them.
-- A price counts by how far it lies from the usual one of its series, the median of the newest days known.
CREATE TABLE days AS
WITH usual AS (
    SELECT series, median(price) AS price
    FROM given
    WHERE price > 0 AND day BETWEEN CAST($last_on AS DATE) - CAST($usual_days AS INTEGER) + 1 AND CAST($last_on AS DATE)
    GROUP BY series
)
SELECT
    series.place,
    CAST(date_diff('day', CAST($first_on AS DATE), given.day) AS INTEGER) AS panel_column,
    given.value,
    coalesce(given.is_open, true) AS is_open,
    coalesce(given.promoted, false) AS promoted,
    coalesce(given.holiday, false) AS holiday,
    CAST(coalesce(given.depth, 0) AS FLOAT) AS depth,
    CAST(ln(given.price / usual.price) AS FLOAT) AS price
FROM given JOIN series USING (series) LEFT JOIN usual USING (series)
WHERE given.day BETWEEN CAST($first_on AS DATE) AND CAST($until AS DATE)
ORDER BY series.place, given.day
