-- Merchants that may be forecast, in the order of their rows in the panel; segments are empty until they have been made.
SELECT
    merchant_id,
    bucket,
    coalesce(category, '') AS category,
    coalesce(region, '') AS region,
    opened_on,
    segments.growth_stage,
    segments.size_class
FROM merchants
LEFT JOIN (SELECT merchant_id, growth_stage, size_class FROM segments WHERE as_of = $as_of) AS segments
    USING (merchant_id)
WHERE coalesce(status, 'open') <> 'closed'
ORDER BY merchant_id
