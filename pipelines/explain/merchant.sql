-- The merchant on the day: who it is, how it stands, and what is at stake.
SELECT
  risk.* EXCLUDE (as_of), merchant.merchant_name, merchant.category, merchant.region, segment.growth_stage,
  segment.size_class, segment.age_days
FROM merchant_risk AS risk
LEFT JOIN merchants AS merchant USING (merchant_id)
LEFT JOIN segments AS segment ON segment.merchant_id = risk.merchant_id AND segment.as_of = $as_of
WHERE risk.as_of = $as_of AND risk.merchant_id = $merchant_id
