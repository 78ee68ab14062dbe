-- What the day's false-discovery control compared: every merchant's p-value and the leg that it rests on.
SELECT merchant_id, p_value, p_value_leg
FROM merchant_risk
WHERE as_of = $as_of
ORDER BY merchant_id
