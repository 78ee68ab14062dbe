-- All that people have said about alerts by the day.
SELECT feedback_id, alert_id, given_at, action, verdict, "by", comment, until, known_on
FROM feedback
