-- Incidents that are open on the day, one row per leg that they move.
SELECT
  incident_id, scope, "group", p_value, opened_on,
  unnest(coalesce(from_json(legs, '["VARCHAR"]'), [leg])) AS leg
FROM incidents
WHERE as_of = $as_of AND status = 'open'
