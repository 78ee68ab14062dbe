-- Tickets by the day of opening, in three versions: what had been answered at the end of the day, and of the two days
-- after it. A ticket log knows nothing before the sale, so that phase is 0.
WITH opened AS (
    SELECT *,
        lower(replace(first_desk, ' ', '-')) AS merchant_id,
        CAST(answered_at AS DATE) AS answered_on,
        hour(opened_at) BETWEEN 8 AND 22 AS by_day
    FROM tickets
    WHERE first_desk IS NOT NULL
),
versions AS (
    SELECT *, CAST(unnest(generate_series(date, least(date + 2, last_on), INTERVAL 1 DAY)) AS DATE) AS delivered_on
    FROM opened
),
counted AS (
    SELECT
        date,
        merchant_id,
        delivered_on,
        count(*) AS sessions,
        count(*) FILTER (by_day) AS sessions_08_23,
        count(*) FILTER (by_day AND answered_on <= delivered_on AND answered_at <= opened_at + INTERVAL 3 MINUTE)
            AS replied_3min_08_23,
        count(*) FILTER (answered_on <= delivered_on AND answered_at <= opened_at + INTERVAL 24 HOUR) AS replied_24h,
        count(*) FILTER (answered_on <= delivered_on AND answered_at <= opened_at + INTERVAL 48 HOUR) AS replied_48h
    FROM versions
    GROUP BY date, merchant_id, delivered_on
)
SELECT
    date, merchant_id, phase,
    if(phase = 'after_sale', sessions, 0) AS sessions,
    if(phase = 'after_sale', sessions_08_23, 0) AS sessions_08_23,
    if(phase = 'after_sale', replied_3min_08_23, 0) AS replied_3min_08_23,
    if(phase = 'after_sale', sessions, 0) AS first_messages,
    if(phase = 'after_sale', replied_24h, 0) AS replied_24h,
    if(phase = 'after_sale', replied_48h, 0) AS replied_48h,
    delivered_on
FROM counted
CROSS JOIN (VALUES ('after_sale'), ('pre_sale')) AS phases (phase)
ORDER BY delivered_on, date, merchant_id, phase
