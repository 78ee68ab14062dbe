-- The roster of the days ahead; an hour without a row is no hour of service, or not planned yet.
SELECT merchant_id,
    date_diff('day', CAST($as_of AS DATE), date) - 1 AS day,
    CAST(hour AS INTEGER) AS hour,
    agents,
    concurrency
FROM roster
WHERE date > $as_of AND date <= CAST($until AS DATE) AND agents IS NOT NULL AND hour BETWEEN 0 AND 23
