-- Lights and calibration by metric and window of the day.
SELECT
    metric,
    metric_signals.window AS span,
    count(*) FILTER (light = 'red') AS red,
    count(*) FILTER (light = 'amber') AS amber,
    count(*) FILTER (light = 'green') AS green,
    count(*) FILTER (light = 'grey') AS grey,
    round(median(observed), 4) AS median_value,
    round(count(*) FILTER (p_value <= 0.01) / nullif(count(p_value), 0) / 0.01, 2) AS realised_over_nominal
FROM metric_signals WHERE as_of = $as_of
GROUP BY ALL ORDER BY metric, span
