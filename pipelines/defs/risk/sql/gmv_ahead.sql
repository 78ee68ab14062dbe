-- Forecast gmv of the days ahead by merchant.
SELECT day_merchants.place, forecast.mean AS gmv
FROM volume_forecast_sum AS forecast JOIN day_merchants USING (merchant_id)
WHERE forecast.made_on = $as_of AND forecast.measure = 'gmv' AND forecast.days = CAST($days AS VARCHAR)
