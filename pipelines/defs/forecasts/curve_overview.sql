-- The platform's volume of one measure: what came, what the forecast of the day before said, and what is ahead.
WITH past AS (
    SELECT date, sum(actual) AS actual, sum(mean) AS day_before
    FROM forecast_residuals
    WHERE as_of = $as_of AND measure = $measure AND horizon = 1
    GROUP BY date
),
ahead AS (
    SELECT target_date AS date, sum(mean) AS ahead
    FROM volume_forecast
    WHERE made_on = $as_of AND measure = $measure
    GROUP BY target_date
)
SELECT date, actual, day_before, ahead
FROM past FULL JOIN ahead USING (date)
ORDER BY date
