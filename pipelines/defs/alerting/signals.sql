-- Signals that can open an alert today, or that say how an alert or a flagged merchant stands.
-- Everything else (the calm majority) is left in the lake.
SELECT
  merchant_id, metric, "window", leg, kind, observed, expected, limit_amber, limit_red, probability_over_limit, p_value,
  days_to_breach, breach_probability, money_at_risk, light, since, better
FROM metric_signals
WHERE as_of = $as_of
  AND (
    light = 'red'
    OR breach_probability >= $projection_threshold
    OR merchant_id IN (SELECT merchant_id FROM watched)
  )
ORDER BY merchant_id, metric, "window"
