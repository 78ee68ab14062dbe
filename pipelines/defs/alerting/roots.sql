-- Legs whose trouble began on a leg upstream.
SELECT merchant_id, leg, root_leg
FROM leg_status
WHERE as_of = $as_of AND root_leg <> leg
ORDER BY merchant_id, leg
