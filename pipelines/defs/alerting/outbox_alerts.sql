-- Alerts to which something happened today, with what routes ask about their merchants, and the limit of their metric.
SELECT
  alert.*, merchant.merchant_name, merchant.category, merchant.locale, segment.growth_stage, segment.size_class,
  signal.limit_red AS limit_value
FROM alerts AS alert
LEFT JOIN merchants AS merchant USING (merchant_id)
LEFT JOIN segments AS segment ON segment.merchant_id = alert.merchant_id AND segment.as_of = $as_of
LEFT JOIN (
  SELECT merchant_id, metric, first(limit_red ORDER BY "window") AS limit_red
  FROM metric_signals
  WHERE as_of = $as_of
  GROUP BY merchant_id, metric
) AS signal ON signal.merchant_id = alert.merchant_id AND signal.metric = alert.metric
WHERE alert.as_of = $as_of AND alert.event <> ''
ORDER BY alert.alert_id
