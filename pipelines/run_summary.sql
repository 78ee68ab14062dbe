-- What a run made, in the order in which a person asks.
SELECT what, count FROM (
    SELECT 1 AS place, 'merchants' AS what, CAST(count(DISTINCT merchant_id) AS VARCHAR) AS count
        FROM leg_status WHERE as_of = $as_of
    UNION ALL
    SELECT 2, 'legs', string_agg(light || ' ' || legs, ', ' ORDER BY place) FROM (
        SELECT light, count(*) AS legs, list_position(['red', 'amber', 'green', 'star', 'grey'], light) AS place
        FROM leg_status WHERE as_of = $as_of GROUP BY light)
    UNION ALL
    SELECT 3, 'open incidents', CAST(count(*) AS VARCHAR) FROM incidents WHERE as_of = $as_of AND status <> 'resolved'
    UNION ALL
    SELECT 4, 'alerts', CAST(count(*) FILTER (WHERE status <> 'resolved') AS VARCHAR) || ' open, '
        || CAST(count(*) FILTER (WHERE opened_on = $as_of) AS VARCHAR) || ' new' FROM alerts WHERE as_of = $as_of
    UNION ALL
    SELECT 5, 'prompts', CAST(count(*) AS VARCHAR) FROM prompts WHERE as_of = $as_of
    UNION ALL
    SELECT 6, 'rejected rows', CAST(count(*) AS VARCHAR) FROM rejected_rows
) WHERE count IS NOT NULL ORDER BY place
