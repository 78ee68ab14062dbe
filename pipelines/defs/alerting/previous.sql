-- The newest row of each alert: those that lived on the day before, and those resolved within the policy's memory.
SELECT *
FROM alerts
WHERE as_of < $as_of AND as_of >= $memory_from
QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY as_of DESC) = 1
  AND (as_of = $previous_on OR status = 'resolved')
