-- Calibrated evidence of the days before on legs whose trouble may last: merchant, position of the leg, days ago.
SELECT
    day_merchants.place,
    CAST(list_position($legs, leg) - 1 AS BIGINT) AS leg,
    CAST(date_diff('day', as_of, $as_of) AS BIGINT) AS ago,
    p_value
FROM leg_scores JOIN day_merchants USING (merchant_id)
WHERE as_of < $as_of AND as_of > CAST($as_of AS DATE) - CAST($days AS INTEGER)
    AND list_contains($lasting, leg) AND p_value IS NOT NULL
