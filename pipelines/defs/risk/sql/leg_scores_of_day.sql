-- Calibrated evidence of the day by merchant and leg.
SELECT day_merchants.place, leg, p_value, metric
FROM leg_scores JOIN day_merchants USING (merchant_id) WHERE as_of = $as_of
