-- Tickets by the hour of opening; how long people worked on them is not told.
SELECT
    date,
    hour(opened_at) AS hour,
    lower(replace(first_desk, ' ', '-')) AS merchant_id,
    'after_sale' AS phase,
    count(*) AS sessions,
    date AS delivered_on
FROM tickets
WHERE first_desk IS NOT NULL
GROUP BY ALL
ORDER BY delivered_on, hour, merchant_id
