-- Calibrated evidence by merchant and leg of the days before, and how many days ago each was.
SELECT day_merchants.place, leg, p_value, CAST(date_diff('day', as_of, $as_of) AS INTEGER) AS ago
FROM leg_scores JOIN day_merchants USING (merchant_id)
WHERE as_of < $as_of AND as_of > CAST($as_of AS DATE) - CAST($days AS INTEGER) AND p_value IS NOT NULL
