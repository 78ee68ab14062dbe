-- Who passes the day's false-discovery control or has stood out for days, and what is at stake.
SELECT merchant_id, flagged, p_value_leg, lasting_leg, money_at_risk
FROM merchant_risk
WHERE as_of = $as_of
