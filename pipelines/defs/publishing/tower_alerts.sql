-- Alerts opened and live by day and leg, the last 28 days; leg 'all' is the whole platform.
SELECT as_of AS day, leg, sum(opened + reopened)::BIGINT AS opened, sum(live)::BIGINT AS live
FROM alert_volume
WHERE
    (leg = 'all') = (opened_by = 'all')
    AND as_of > $as_of - INTERVAL 28 DAY AND as_of <= $as_of
GROUP BY as_of, leg
ORDER BY leg, day
