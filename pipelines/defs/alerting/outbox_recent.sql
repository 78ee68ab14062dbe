-- What opened on the days before that the budget looks back on, told or not: an alert is told singly if it is among the gravest.
SELECT severity, money_at_risk
FROM alerts
WHERE as_of < $as_of AND as_of > $first AND event IN ('opened', 'reopened') AND incident_id IS NULL
ORDER BY as_of, alert_id
