-- What may come: probability of each outcome and horizon, what raises it, or why there is none.
SELECT * EXCLUDE (as_of, merchant_id)
FROM merchant_outlook
WHERE as_of = $as_of AND merchant_id = $merchant_id
ORDER BY outcome, horizon
