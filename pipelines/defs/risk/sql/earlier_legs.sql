-- Leg lights of the newest earlier day.
SELECT day_merchants.place, leg, light, since
FROM leg_status JOIN day_merchants USING (merchant_id)
WHERE as_of = (SELECT max(as_of) FROM leg_status WHERE as_of < $as_of)
