-- Evidence and reason of each leg; a stale feed stands in the reason.
SELECT merchant_id, leg, p_value, reason
FROM leg_status
WHERE as_of = $as_of AND (p_value IS NOT NULL OR reason LIKE 'stale:%')
