-- Tickets by the day of closing; whether the customer was helped, and money, are not told.
SELECT
    closed_on AS date,
    lower(replace(last_desk, ' ', '-')) AS merchant_id,
    count(*) AS cases_closed,
    closed_on AS delivered_on
FROM tickets
WHERE last_desk IS NOT NULL AND closed_on IS NOT NULL
GROUP BY ALL
ORDER BY delivered_on, merchant_id
