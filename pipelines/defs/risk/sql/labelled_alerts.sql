-- How each alert that has a verdict opened.
SELECT alert_id, leg, metric, opened_by, opened_on
FROM alerts
WHERE alert_id IN (SELECT subject_id FROM labelled)
QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY as_of) = 1
