-- How many alerts the day had, by leg and door, and in all (the row all/all is there even when nothing is open).
WITH counted AS (
  SELECT
    leg, opened_by, event, status, incident_id
  FROM today
)
SELECT
  CAST($as_of AS DATE) AS as_of,
  coalesce(leg, 'all') AS leg,
  coalesce(opened_by, 'all') AS opened_by,
  CAST($merchants AS BIGINT) AS merchants,
  count(*) FILTER (event = 'opened') AS opened,
  count(*) FILTER (event = 'reopened') AS reopened,
  count(*) FILTER (status = 'resolved') AS resolved,
  count(*) FILTER (status <> 'resolved') AS live,
  count(*) FILTER (status = 'acked') AS acked,
  count(*) FILTER (status = 'snoozed') AS snoozed,
  count(*) FILTER (status <> 'resolved' AND incident_id IS NOT NULL) AS in_incident
FROM counted
GROUP BY GROUPING SETS ((leg, opened_by), ())
ORDER BY 2, 3
