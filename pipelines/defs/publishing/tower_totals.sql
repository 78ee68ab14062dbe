-- The platform in one row, today and the day before.
SELECT
    count(*) FILTER (WHERE as_of = $as_of) AS merchants,
    count(*) FILTER (WHERE as_of = $as_of AND light = 'red') AS red,
    count(*) FILTER (WHERE as_of = $before AND light = 'red') AS red_before,
    exact_sum(if(as_of = $as_of, money_at_risk, NULL)) AS money,
    exact_sum(if(as_of = $before, money_at_risk, NULL)) AS money_before
FROM merchant_risk
WHERE as_of = $as_of OR as_of = $before
