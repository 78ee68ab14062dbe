-- Who was far out, and on which leg, on any day of the crowd that is open.
SELECT DISTINCT merchant_id, leg
FROM metric_signals
WHERE incident_scope = 'crowd:all'
  AND as_of BETWEEN (
    SELECT min(opened_on) FROM incidents WHERE as_of = $as_of AND status = 'open' AND scope = 'crowd'
  ) AND $as_of
