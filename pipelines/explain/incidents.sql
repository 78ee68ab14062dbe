-- Incidents of the day that take the merchant in: of the platform, of its category or region, and of feeds.
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
)
ORDER BY incident.incident_id
