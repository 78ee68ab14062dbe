SELECT merchant_id, leg, light, reason
FROM leg_status
SEMI JOIN merchants USING (merchant_id)
WHERE as_of = $as_of
ORDER BY merchant_id, leg
