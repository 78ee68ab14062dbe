-- What the newest forecast expects of each merchant a day: who is asked, and how large he is.
SELECT merchant_id, avg(mean) AS volume
FROM volume_forecast
WHERE made_on = $as_of AND measure = $measure
GROUP BY merchant_id
ORDER BY merchant_id
