-- Alerts opened and live by day and leg, the last 28 days.
SELECT as_of AS day, leg, opened + reopened AS opened, live
FROM alert_volume
WHERE opened_by = 'all' AND as_of > $as_of - INTERVAL 28 DAY AND as_of <= $as_of
ORDER BY leg, day
