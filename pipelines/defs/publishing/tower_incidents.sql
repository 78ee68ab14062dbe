-- Open incidents with the alerts they took in, dearest first.
WITH folded AS (
    SELECT
        incident_id,
        count(*) AS alerts,
        exact_sum(money_at_risk) AS money,
        max(acked_by) AS acked_by
    FROM alerts
    WHERE as_of = $as_of AND incident_id IS NOT NULL AND incident_id <> ''
    GROUP BY incident_id
)
SELECT
    i.incident_id, i.scope, i."group", i.leg, i.metric, i.effect, i.p_value, i.members, i.opened_on,
    i.observed, i.expected, coalesce(f.alerts, 0) AS alerts, f.money, f.acked_by
FROM incidents AS i
LEFT JOIN folded AS f ON f.incident_id = i.incident_id
WHERE i.as_of = $as_of AND i.status = 'open'
ORDER BY f.money DESC NULLS LAST, i.members DESC, i.incident_id
