-- The newest earlier day with signals, and the first one of the day's week (peers' figures are frozen from it).
SELECT max(as_of) AS newest, min(as_of) FILTER (as_of >= $week_start) AS frozen
FROM metric_signals WHERE as_of < $as_of
