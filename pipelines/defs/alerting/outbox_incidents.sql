-- Incidents of the day, and runs that failed on this or an earlier day and have not been told as mended.
SELECT incident_id, scope, "group", leg, metric, members, observed, expected, opened_on, status,
  worsened_on IS NOT DISTINCT FROM $as_of AS worse
FROM incidents
WHERE as_of = $as_of
UNION ALL BY NAME
SELECT incident_id, 'run' AS scope, min(CAST(as_of AS VARCHAR)) AS "group", 'data' AS leg, 'run' AS metric,
  NULL AS members, NULL AS observed, NULL AS expected, min(as_of) AS opened_on, 'resolved' AS status,
  FALSE AS worse
FROM notifications
WHERE as_of <= $as_of AND starts_with(incident_id, $run_prefix)
GROUP BY incident_id
HAVING bool_or(event = 'trigger') AND NOT bool_or(event = 'resolve' AND as_of < $as_of)
ORDER BY incident_id
