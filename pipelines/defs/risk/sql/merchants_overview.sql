-- The first merchants in the order of the day.
SELECT
    rank, merchant_id, light, flagged, round(p_value, 6) AS p_value, p_value_leg,
    round(money_at_risk) AS money_at_risk, round(priority) AS priority
FROM merchant_risk WHERE as_of = $as_of
ORDER BY rank LIMIT 20
