-- Forecast residuals of one measure and horizon, with the place of each row in the matrix.
SELECT
    day_merchants.place,
    CAST(date_diff('day', $first, residual.date) AS INTEGER) AS day,
    residual.actual, residual.mean, residual.q025, residual.q10, residual.z
FROM forecast_residuals AS residual
JOIN day_merchants USING (merchant_id)
WHERE residual.as_of = $as_of AND residual.measure = $measure AND residual.horizon = $horizon
  AND residual.date BETWEEN $first AND $as_of
