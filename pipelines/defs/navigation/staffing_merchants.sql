-- Merchants that may have a service desk, with what pools them.
SELECT merchant_id, coalesce(category, '') AS category, bucket
FROM merchants
WHERE status IS DISTINCT FROM 'closed'
ORDER BY merchant_id
