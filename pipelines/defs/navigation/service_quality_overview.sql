-- The forecast of consultations on the newest week, beside the same hours of the week before.
SELECT
    phase,
    model,
    printf('%.1f %%', 100 * wape_hour) AS wape_of_hours,
    printf('%.1f %%', 100 * wape_day) AS wape_of_days,
    printf('%+.1f %%', 100 * bias) AS bias,
    printf('%.1f %%', 100 * coverage_80) AS inside_80,
    pairs AS hours
FROM service_quality WHERE made_on = $as_of ORDER BY phase, model
