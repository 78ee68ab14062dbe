-- Alerts to which something happened today, with what routes ask about their merchants, and the limit of their metric;
-- and open ones that stood behind a graver alert when they were last called for, because it may stand no longer.
WITH calls AS (
  SELECT alert_id, as_of, bool_and(status = 'suppressed' AND coalesce(ends_with(error, $graver), false)) AS waits
  FROM notifications
  WHERE alert_id IS NOT NULL AND event = 'trigger' AND as_of < $as_of
  GROUP BY alert_id, as_of
),
waiting AS (SELECT alert_id FROM calls GROUP BY alert_id HAVING arg_max(waits, as_of))
SELECT
  alert.*, merchant.merchant_name, merchant.category, merchant.locale, segment.growth_stage, segment.size_class,
  signal.limit_red AS limit_value, alert.alert_id IN (FROM waiting) AS waits
FROM alerts AS alert
LEFT JOIN merchants AS merchant USING (merchant_id)
LEFT JOIN segments AS segment ON segment.merchant_id = alert.merchant_id AND segment.as_of = $as_of
LEFT JOIN (
  SELECT merchant_id, metric, first(limit_red ORDER BY "window") AS limit_red
  FROM metric_signals
  WHERE as_of = $as_of
  GROUP BY merchant_id, metric
) AS signal ON signal.merchant_id = alert.merchant_id AND signal.metric = alert.metric
WHERE alert.as_of = $as_of
  AND (alert.event <> '' OR (alert.status = 'open' AND waits))
ORDER BY alert.alert_id
