-- Signals of the block's merchants that say something (not green, not grey), with how each metric is written
-- (view metric_rows: metric, unit, decimals of the policy profile).
SELECT
    signals.merchant_id, signals.metric, signals.metric AS metric_name, signals.leg, signals.kind,
    TRY_CAST(regexp_extract(signals."window", '^(\d+)d$', 1) AS INTEGER) AS window_days,
    numerator, denominator, observed, expected, low, high, limit_amber, limit_red,
    CASE WHEN signals.light = 'red' THEN coalesce(limit_red, limit_amber) ELSE coalesce(limit_amber, limit_red) END
        AS "limit",
    probability_over_limit, signals.p_value, peer_p25, peer_p50, peer_p75, peer_percentile, days_to_breach,
    CAST($as_of AS DATE) + CAST(round(days_to_breach) AS INTEGER) AS breach_on,
    signals.light, legs.leg_light, since, more_bad_until_red, good_until_green,
    observed - previous AS change,
    metric_rows.unit, metric_rows.decimals
FROM metric_signals AS signals
JOIN merchants USING (merchant_id)
LEFT JOIN (SELECT merchant_id, leg, light AS leg_light FROM leg_status WHERE as_of = $as_of) AS legs
    ON legs.merchant_id = signals.merchant_id AND legs.leg = signals.leg
LEFT JOIN metric_rows ON metric_rows.metric = signals.metric
WHERE signals.as_of = $as_of AND signals.light IN ('red', 'amber', 'star')
    AND merchants.status IS DISTINCT FROM 'closed'
