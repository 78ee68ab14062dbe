-- The rows that are used, by the place of their series, so that a block of series is a range of them.
CREATE TABLE days AS
SELECT
    series.place,
    CAST(date_diff('day', CAST($first_on AS DATE), given.day) AS INTEGER) AS panel_column,
    given.value,
    coalesce(given.is_open, true) AS is_open,
    coalesce(given.promoted, false) AS promoted,
    coalesce(given.holiday, false) AS holiday
FROM given JOIN series USING (series)
WHERE given.day BETWEEN CAST($first_on AS DATE) AND CAST($until AS DATE)
ORDER BY series.place, given.day
