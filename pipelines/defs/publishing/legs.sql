SELECT merchant_id, leg, light, reason
FROM leg_status
WHERE as_of = $as_of
ORDER BY merchant_id, leg
