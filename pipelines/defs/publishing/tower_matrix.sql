-- Merchants by category and leg today, and how many were red the day before.
WITH counted AS (
    SELECT
        coalesce(nullif(m.category, ''), '') AS category,
        l.leg,
        count(*) FILTER (WHERE l.as_of = $as_of) AS merchants,
        count(*) FILTER (WHERE l.as_of = $as_of AND l.light = 'red') AS red,
        count(*) FILTER (WHERE l.as_of = $as_of AND l.light = 'amber') AS amber,
        count(*) FILTER (WHERE l.as_of = $as_of AND l.light = 'star') AS star,
        count(*) FILTER (WHERE l.as_of = $as_of AND l.light = 'grey') AS grey,
        count(*) FILTER (WHERE l.as_of = $before) AS merchants_before,
        count(*) FILTER (WHERE l.as_of = $before AND l.light = 'red') AS red_before
    FROM leg_status AS l
    INNER JOIN merchants AS m ON m.merchant_id = l.merchant_id
    WHERE l.as_of = $as_of OR l.as_of = $before
    GROUP BY ALL
)
SELECT * FROM counted WHERE merchants > 0 ORDER BY category, leg
