-- Quality of the day over all merchants, ours beside the seasonal naive.
SELECT
    measure,
    horizon AS days_ahead,
    model,
    printf('%.1f %%', 100 * wape) AS wape,
    printf('%.2f', mase) AS mase,
    printf('%+.1f %%', 100 * bias) AS bias,
    printf('%.1f %%', 100 * coverage_80) AS inside_80,
    printf('%.1f %%', 100 * coverage_95) AS inside_95,
    pairs
FROM forecast_quality
WHERE made_on = $as_of AND segment = 'all'
ORDER BY measure, horizon, model
