-- Signals of the block's merchants that say something (red, amber, or what makes a leg a star), with how each metric is written
-- (view metric_rows: metric, unit, decimals and better of the policy profile).
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
    -- Quartiles are of the values; which end is good depends on the metric.
    CASE WHEN metric_rows.better = 'higher' THEN peer_p75 ELSE peer_p25 END AS peer_best,
    metric_rows.unit, metric_rows.decimals, coalesce(legs.decides = signals.metric, false) AS decides_leg
FROM metric_signals AS signals
JOIN merchants USING (merchant_id)
LEFT JOIN (SELECT merchant_id, leg, light AS leg_light, metric AS decides FROM leg_status WHERE as_of = $as_of) AS legs
    ON legs.merchant_id = signals.merchant_id AND legs.leg = signals.leg
LEFT JOIN metric_rows ON metric_rows.metric = signals.metric
WHERE signals.as_of = $as_of AND (signals.light IN ('red', 'amber') OR (legs.leg_light = 'star' AND legs.decides = signals.metric))
    AND merchants.status IS DISTINCT FROM 'closed'
-- Rows come in one order, so that of two windows that say the same the shorter, newer one is told.
ORDER BY signals.merchant_id, signals.metric, window_days, signals."window"
