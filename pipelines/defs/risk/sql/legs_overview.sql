-- Lights by leg of the day.
SELECT
    leg,
    count(*) FILTER (light = 'red') AS red,
    count(*) FILTER (light = 'amber') AS amber,
    count(*) FILTER (light = 'green') AS green,
    count(*) FILTER (light = 'star') AS star,
    count(*) FILTER (light = 'grey') AS grey
FROM leg_status WHERE as_of = $as_of
GROUP BY leg ORDER BY leg
