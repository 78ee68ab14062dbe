-- Every merchant, dearest first, with its rank in the order in which somebody should look: lights of its legs, money, first reason, alerts.
WITH legs AS (
    SELECT
        merchant_id,
        map_from_entries(list((leg, light) ORDER BY leg)) AS lights,
        -- The leg that is worst (red before amber) and, of those, the one with the strongest evidence. Evidence that is
        -- the same to seven digits is a tie, so that no last bit of a figure decides what is shown.
        first(
            reason
            ORDER BY CASE light WHEN 'red' THEN 0 WHEN 'amber' THEN 2 ELSE 4 END,
                CAST(printf('%.6e', coalesce(p_value, 1)) AS DOUBLE), leg
        ) AS reason
    FROM leg_status
    WHERE as_of = $as_of
    GROUP BY merchant_id
),
before AS (
    SELECT merchant_id, money_at_risk
    FROM merchant_risk
    WHERE as_of = $before
),
live AS (
    SELECT
        merchant_id,
        count(*) FILTER (WHERE status = 'open') AS alerts_open,
        count(*) FILTER (WHERE status = 'acked') AS alerts_acked
    FROM alerts
    WHERE as_of = $as_of AND status <> 'resolved'
    GROUP BY merchant_id
),
seen AS (
    -- of several windows of a metric the one that is worst, so that every run shows the same
    SELECT merchant_id, metric, first(observed ORDER BY light = 'red' DESC, "window") AS observed
    FROM metric_signals
    WHERE as_of = $as_of AND light IN ('red', 'amber')
    GROUP BY merchant_id, metric
)
SELECT
    m.merchant_id,
    m.merchant_name,
    m.category,
    s.growth_stage,
    s.size_class,
    coalesce(s.account_manager, m.account_manager) AS account_manager,
    l.lights,
    r.rank,
    coalesce(r.money_at_risk, 0) AS money,
    b.money_at_risk AS money_before,
    w.metric AS why,
    w.observed AS why_value,
    coalesce(a.alerts_open, 0) AS alerts_open,
    coalesce(a.alerts_acked, 0) AS alerts_acked
FROM merchants AS m
LEFT JOIN merchant_risk AS r ON r.merchant_id = m.merchant_id AND r.as_of = $as_of
LEFT JOIN before AS b ON b.merchant_id = m.merchant_id
LEFT JOIN segments AS s ON s.merchant_id = m.merchant_id AND s.as_of = $as_of
LEFT JOIN legs AS l ON l.merchant_id = m.merchant_id
LEFT JOIN seen AS w ON w.merchant_id = m.merchant_id AND 'metric:' || w.metric = l.reason
LEFT JOIN live AS a ON a.merchant_id = m.merchant_id
ORDER BY money DESC, r.rank NULLS LAST, m.merchant_id
