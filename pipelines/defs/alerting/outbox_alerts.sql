-- Alerts to which something happened today, with what routes ask about their merchants.
SELECT
  alert.*, merchant.merchant_name, merchant.category, merchant.locale, segment.growth_stage, segment.size_class
FROM alerts AS alert
LEFT JOIN merchants AS merchant USING (merchant_id)
LEFT JOIN segments AS segment ON segment.merchant_id = alert.merchant_id AND segment.as_of = $as_of
WHERE alert.as_of = $as_of AND alert.event <> ''
ORDER BY alert.alert_id
