-- Hours in stock and open hours by merchant and day, each product weighted by its forecast.
-- A product without a forecast weighs nothing; where no product has one, all weigh the same.
WITH
weights AS (
    SELECT merchant_id, sku_id, forecast_daily FROM replenishment_plan
    WHERE as_of = $as_of AND forecast_daily > 0
),
hours AS (
    SELECT
        block_merchants.place,
        CAST(date_diff('day', $first, sku_day.date) AS INTEGER) AS day,
        coalesce(weights.forecast_daily, CASE WHEN merchants_with_forecast.merchant_id IS NULL THEN 1 END) AS weight,
        least(greatest($open_hours - sku_day.hours_out_of_stock, 0), $open_hours) AS in_stock
    FROM sku_day
    JOIN block_merchants ON block_merchants.merchant_id = sku_day.merchant_id
    LEFT JOIN weights ON weights.merchant_id = sku_day.merchant_id AND weights.sku_id = sku_day.sku_id
    LEFT JOIN (SELECT DISTINCT merchant_id FROM weights) AS merchants_with_forecast
        ON merchants_with_forecast.merchant_id = sku_day.merchant_id
    WHERE sku_day.date BETWEEN $first AND $as_of
      AND sku_day.hours_out_of_stock IS NOT NULL
      AND coalesce(sku_day.status, 'listed') <> 'delisted'
)
SELECT
    place, day,
    -- Sums of decimals do not depend on the order of the rows: shops that were never out of stock tie exactly.
    CAST(sum(CAST(weight * in_stock AS DECIMAL(28, 9))) AS DOUBLE) AS stock_weighted_hours_in_stock,
    CAST(sum(CAST(weight * $open_hours AS DECIMAL(28, 9))) AS DOUBLE) AS stock_weighted_hours_open,
    CAST(count(weight) AS DOUBLE) AS stock_product_days
FROM hours
WHERE weight IS NOT NULL
GROUP BY place, day
