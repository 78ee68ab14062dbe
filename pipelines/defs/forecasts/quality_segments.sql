-- Errors and coverage of the week ahead by segment, the mixture beside the best single model and the seasonal naive.
WITH week AS (FROM forecast_quality WHERE made_on = $as_of AND horizon = 7)
SELECT
    measure,
    segment,
    max(wape) FILTER (model = $ours) AS ours,
    min(wape) FILTER (model NOT IN ($ours, $naive)) AS best_single,
    max(wape) FILTER (model = $naive) AS naive,
    max(coverage_80) FILTER (model = $ours) AS inside_80,
    max(coverage_95) FILTER (model = $ours) AS inside_95
FROM week
GROUP BY measure, segment
HAVING max(pairs) >= $least_pairs
ORDER BY measure, segment <> 'all', segment
