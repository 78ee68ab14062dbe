-- The day that today is compared with: the last one navigated within a week.
SELECT max(as_of) AS before
FROM merchant_risk
WHERE as_of < $as_of AND as_of >= $as_of - INTERVAL 7 DAY
