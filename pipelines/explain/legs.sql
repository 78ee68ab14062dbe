-- Legs of the merchant: light, evidence, where its trouble began, and the share of false alarms that the control allows.
SELECT status.* EXCLUDE (as_of, merchant_id), control.q, control.weight, control.level
FROM leg_status AS status
LEFT JOIN leg_control AS control ON control.leg = status.leg AND control.as_of = $as_of
WHERE status.as_of = $as_of AND status.merchant_id = $merchant_id
ORDER BY status.leg
