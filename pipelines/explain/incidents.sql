-- Incidents of the day that take the merchant in: of the platform, of its category or region, of a crowd that it is in,
-- and of feeds.
SELECT incident.* EXCLUDE (as_of)
FROM incidents AS incident
WHERE incident.as_of = $as_of AND (
  incident.scope IN ('platform', 'feed')
  OR EXISTS (
    FROM merchants AS merchant
    WHERE merchant.merchant_id = $merchant_id AND (
      (incident.scope = 'category' AND merchant.category = incident."group")
      OR (incident.scope = 'region' AND merchant.region = incident."group")
    )
  )
  OR (incident.scope = 'crowd' AND EXISTS (
    FROM metric_signals AS signal
    WHERE signal.merchant_id = $merchant_id AND signal.incident_scope = 'crowd:all'
      AND signal.as_of BETWEEN incident.opened_on AND $as_of
  ))
)
ORDER BY incident.incident_id
