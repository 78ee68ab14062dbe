-- The platform in one row, today and the day before.
SELECT
    count(*) FILTER (WHERE as_of = $as_of) AS merchants,
    count(*) FILTER (WHERE as_of = $as_of AND light = 'red') AS red,
    count(*) FILTER (WHERE as_of = $before AND light = 'red') AS red_before,
    sum(money_at_risk) FILTER (WHERE as_of = $as_of) AS money,
    sum(money_at_risk) FILTER (WHERE as_of = $before) AS money_before
FROM merchant_risk
WHERE as_of = $as_of OR as_of = $before
