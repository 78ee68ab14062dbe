-- Known consultations of the merchants asked for (view desk_merchants: id and row) by row, phase, day from 0 and hour;
-- hours without a row are hours without a consultation on the days that staffing_days.sql names.
SELECT
    desk_merchants.row,
    CASE phase WHEN 'pre_sale' THEN 0 ELSE 1 END AS phase,
    date_diff('day', CAST($since AS DATE), date) - 1 AS day,
    CAST(hour AS INTEGER) AS hour,
    CAST(sessions AS DOUBLE) AS sessions,
    CAST(coalesce(human_sessions, 0) AS DOUBLE) AS human_sessions,
    CAST(coalesce(handle_seconds, 0) AS DOUBLE) AS handle_seconds
FROM recent_hours JOIN desk_merchants USING (merchant_id)
WHERE sessions IS NOT NULL AND hour BETWEEN 0 AND 23 AND phase IN ('pre_sale', 'after_sale')
