-- Alerts of the day by leg and door, the sum last.
SELECT leg, opened_by, opened, resolved, live
FROM alert_volume
WHERE as_of = $as_of
ORDER BY leg = 'all', leg, opened_by
