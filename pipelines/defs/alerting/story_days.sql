-- The alert day by day.
SELECT as_of, status, severity, event, observed, expected, level, threshold, calm_days, unknown_days, money_at_risk,
  incident_id
FROM alerts
WHERE alert_id = $alert_id
ORDER BY as_of DESC
LIMIT 60
