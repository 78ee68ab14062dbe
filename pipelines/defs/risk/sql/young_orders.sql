-- Every version of a block's rows that was delivered by the day, and before its orders were older than the oldest age:
-- days of the order and days until it was delivered. What was delivered later comes later.
SELECT
    merchant_places.place,
    CAST(date_diff('day', $first, versions.date) AS INTEGER) AS day,
    CAST(date_diff('day', versions.date, versions.known_on) AS INTEGER) AS age,
    COLUMNS(lambda c: list_contains($columns, c))::FLOAT
FROM all_versions AS versions
JOIN merchant_places USING (merchant_id)
WHERE versions.date BETWEEN $first AND $as_of
    AND versions.known_on <= $as_of
    AND versions.known_on <= versions.date + $oldest::INTEGER
    AND list_contains($buckets::SMALLINT[], versions.bucket)
ORDER BY versions.known_on, versions.file, versions.line
