-- Merchants that have something to do today and whose contact route is an active one.
SELECT
  merchant.merchant_id, merchant.merchant_name, merchant.locale, merchant.contact_route AS route,
  list({'text': action, 'reason': reason, 'due_on': due_on, 'worth': worth} ORDER BY rank) AS actions
FROM merchants AS merchant
JOIN prompts AS prompt
  ON prompt.merchant_id = merchant.merchant_id AND prompt.as_of = $as_of
  AND prompt.today AND NOT coalesce(prompt.good_news, false)
WHERE merchant.contact_route IN (SELECT route FROM merchant_routes) AND coalesce(merchant.status, 'open') = 'open'
GROUP BY ALL
ORDER BY merchant.merchant_id
