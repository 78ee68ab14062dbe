-- Daily forecast of the block's products (view plan_products: row number and keys), as row, day ahead, mean and spread.
SELECT
    plan_products.row_number AS row,
    date_diff('day', CAST($as_of AS DATE), target_date) - 1 AS day,
    mean,
    greatest(q90 - q10, 0) / 2.5631031 AS sd
FROM sku_forecast JOIN plan_products USING (merchant_id, sku_id)
WHERE made_on = $as_of AND target_date > $as_of AND target_date <= CAST($horizon_on AS DATE)
