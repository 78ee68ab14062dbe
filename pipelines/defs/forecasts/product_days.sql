-- The shop's forecast of units split among its products, with quantiles looked up by mean and dispersion.
WITH expected AS (
    SELECT
        merchant_id,
        sku_id,
        target_date,
        share * mean AS mean,
        dispersion_place,
        CAST(least(greatest(round(ln(greatest(share * mean, 1e-9) / $smallest_mean) / $mean_step), 0), $means - 1) AS INTEGER)
            AS mean_place
    FROM product_shares
    JOIN volume_forecast USING (merchant_id)
    WHERE made_on = $as_of AND measure = 'units'
        AND target_date <= CAST($as_of AS DATE) + CAST($horizon_days AS INTEGER)
)
SELECT
    CAST($as_of AS DATE) AS made_on,
    merchant_id,
    sku_id,
    target_date,
    mean,
    CASE WHEN mean < $smallest_mean THEN 0 WHEN mean < $exact_below THEN q10 ELSE mean / grid_mean * q10 END AS q10,
    CASE WHEN mean < $smallest_mean THEN 0 WHEN mean < $exact_below THEN q50 ELSE mean / grid_mean * q50 END AS q50,
    CASE WHEN mean < $smallest_mean THEN 0 WHEN mean < $exact_below THEN q80 ELSE mean / grid_mean * q80 END AS q80,
    CASE WHEN mean < $smallest_mean THEN 0 WHEN mean < $exact_below THEN q90 ELSE mean / grid_mean * q90 END AS q90
FROM expected JOIN count_quantiles USING (mean_place, dispersion_place)
