-- Expected share of each listed product in its shop's units, and the dispersion of its daily units.
-- A rate is units per day in stock (newer days weigh more), shrunk to the shop's median product; shares are such that
-- the shop's forecast is met at the availability that its products have had lately.
CREATE OR REPLACE TEMP TABLE product_shares AS
WITH listed AS (
    SELECT merchant_id, sku_id FROM products WHERE coalesce(status, 'listed') = 'listed'
    UNION
    SELECT merchant_id, sku_id FROM sku_day
    WHERE date > CAST($as_of AS DATE) - CAST($share_days AS INTEGER)
        AND (merchant_id, sku_id) NOT IN (SELECT (merchant_id, sku_id) FROM products)
),
days AS (
    SELECT
        merchant_id,
        sku_id,
        units,
        pow(0.5, date_diff('day', date, CAST($as_of AS DATE)) / CAST($half_life AS DOUBLE)) AS weight,
        -- Share of the day in stock: by hours where delivered, else by what was on hand; a sale proves stock.
        CASE
            WHEN hours_out_of_stock IS NOT NULL THEN greatest(1 - hours_out_of_stock / CAST($open_hours AS DOUBLE), 0)
            WHEN units > 0 OR on_hand IS NULL OR on_hand - coalesce(reserved, 0) > 0 THEN 1
            ELSE 0
        END AS in_stock
    FROM sku_day
    WHERE date > CAST($as_of AS DATE) - CAST($share_days AS INTEGER) AND units IS NOT NULL
),
sold AS (
    SELECT
        merchant_id,
        sku_id,
        sum(weight * units) AS units,
        sum(weight * in_stock) AS days_in_stock,
        sum(weight) AS days,
        avg(units) FILTER (in_stock > 0.5) AS mean,
        var_pop(units) FILTER (in_stock > 0.5) AS variance,
        count(*) FILTER (in_stock > 0.5) AS full_days
    FROM days
    GROUP BY merchant_id, sku_id
),
shop AS (
    SELECT merchant_id, median(units / days_in_stock) AS rate
    FROM sold
    WHERE days_in_stock > 0
    GROUP BY merchant_id
),
rated AS (
    SELECT
        listed.merchant_id,
        listed.sku_id,
        -- A shop that has not sold yet splits evenly.
        (coalesce(sold.units, 0) + $prior_days * coalesce(shop.rate, 1))
            / (coalesce(sold.days_in_stock, 0) + $prior_days) AS rate,
        coalesce(sold.days_in_stock / nullif(sold.days, 0), 1) AS availability,
        -- Moments, mixed with 28 days of the prior: (variance - mean) / mean^2.
        (coalesce(full_days * (variance - mean) / nullif(mean * mean, 0), 0) + 28 * $dispersion)
            / (CASE WHEN mean > 0 THEN full_days ELSE 0 END + 28) AS dispersion
    FROM listed
    LEFT JOIN shop USING (merchant_id)
    LEFT JOIN sold USING (merchant_id, sku_id)
    -- Where only the shop's total is delivered, nothing is known of its products; that is not an even split.
    WHERE shop.merchant_id IS NOT NULL
        OR listed.merchant_id NOT IN (SELECT merchant_id FROM merchant_day WHERE sales_units IS NOT NULL)
)
SELECT
    merchant_id,
    sku_id,
    coalesce(
        rate / nullif(sum(rate * availability) OVER (PARTITION BY merchant_id), 0),
        1.0 / count(*) OVER (PARTITION BY merchant_id)
    ) AS share,
    (
        SELECT arg_min(dispersion_place, abs(ln(grid_dispersion / greatest(rated.dispersion, 0.02))))
        FROM (SELECT DISTINCT dispersion_place, grid_dispersion FROM count_quantiles)
    ) AS dispersion_place
FROM rated
