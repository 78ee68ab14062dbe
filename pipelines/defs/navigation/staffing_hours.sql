-- Past consultations of the block by merchant, phase and hour (view recent_hours: the last days of service_hour),
-- with the number of days known.
SELECT merchant_id, phase, CAST(hour AS INTEGER) AS hour,
    sum(sessions) AS sessions,
    sum(coalesce(human_sessions, 0)) AS human_sessions,
    sum(coalesce(handle_seconds, 0)) AS handle_seconds,
    any_value(days) AS days
FROM recent_hours
JOIN (SELECT merchant_id, count(DISTINCT date) AS days FROM recent_hours GROUP BY 1) USING (merchant_id)
JOIN merchants USING (merchant_id)
WHERE sessions IS NOT NULL AND hour BETWEEN 0 AND 23 AND merchants.status IS DISTINCT FROM 'closed'
GROUP BY merchant_id, phase, hour
ORDER BY merchant_id, phase, hour
