-- What people have said of alerts and audits by the day, where it was a verdict.
SELECT feedback_id, alert_id, given_at, verdict, known_on
FROM feedback
WHERE verdict IS NOT NULL
