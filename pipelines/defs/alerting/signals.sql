-- Signals that can open an alert today, or that say how an alert or a flagged merchant stands.
-- Everything else (the calm majority) is left in the lake.
SELECT signal.*
FROM metric_signals AS signal
WHERE signal.as_of = $as_of
  AND (
    signal.light IN ('red', 'amber')
    OR signal.days_to_breach <= $breach_days
    OR signal.merchant_id IN (SELECT merchant_id FROM watched)
  )
