-- Groups that moved as a whole on the day.
SELECT scope, "group", leg, metric, effect, p_value, members, observed, expected
FROM group_findings WHERE as_of = $as_of ORDER BY scope, "group", metric
