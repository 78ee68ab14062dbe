-- Calibrated evidence of the day by merchant and leg, and how many days ago it began to move.
SELECT day_merchants.place, leg, p_value, metric, coalesce(date_diff('day', changed_on, $as_of), -1) AS changed
FROM leg_scores JOIN day_merchants USING (merchant_id) WHERE as_of = $as_of
