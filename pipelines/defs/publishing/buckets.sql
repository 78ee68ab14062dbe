SELECT bucket, count(*) AS merchants
FROM merchants
GROUP BY bucket
ORDER BY bucket
