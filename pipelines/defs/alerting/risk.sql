-- Who passes the day's false-discovery control, and what is at stake.
SELECT merchant_id, flagged, p_value_leg, money_at_risk
FROM merchant_risk
WHERE as_of = $as_of
