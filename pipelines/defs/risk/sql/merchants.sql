-- Merchants of the day with what they are grouped by, in the order of all arrays of the step (blocks lie together).
SELECT
    merchants.merchant_id,
    merchants.bucket,
    coalesce(merchants.category, '') AS category,
    coalesce(merchants.region, '') AS region,
    coalesce(segments.growth_stage, '') AS growth_stage,
    coalesce(segments.size_class, '') AS size_class,
    coalesce(segments.main_carrier, '') AS carrier,
    coalesce(segments.main_warehouse, '') AS warehouse,
    coalesce(merchants.mentor_opt_in, false) AS mentor_opt_in
FROM merchants
LEFT JOIN (SELECT * FROM segments WHERE as_of = $as_of) AS segments USING (merchant_id)
WHERE coalesce(merchants.status, 'open') <> 'closed'
ORDER BY merchants.bucket, merchants.merchant_id
