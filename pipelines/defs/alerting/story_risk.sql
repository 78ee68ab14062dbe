-- The merchant's combined evidence and money, with the p-value of each leg.
SELECT leg, light, p_value, reason
FROM leg_status
WHERE as_of = $as_of AND merchant_id = $merchant_id
UNION ALL BY NAME
SELECT 'all' AS leg, light, p_value,
  concat('flagged ', flagged, ', money at risk ', round(money_at_risk), ', rank ', rank) AS reason
FROM merchant_risk
WHERE as_of = $as_of AND merchant_id = $merchant_id
ORDER BY leg
