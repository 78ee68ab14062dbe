-- Forecast of units of the shops (view block_shops) as shop, day ahead from 0, mean and spread.
SELECT
    shop,
    date_diff('day', CAST($as_of AS DATE), target_date) - 1 AS ahead,
    mean,
    greatest(q90 - q10, 0) / 2.5631031 / nullif(mean, 0) AS spread
FROM volume_forecast JOIN block_shops USING (merchant_id)
WHERE made_on = $as_of AND measure = 'units' AND target_date > CAST($as_of AS DATE) AND target_date <= CAST($until AS DATE)
