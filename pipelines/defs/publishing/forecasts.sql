-- One row per merchant: the measure that says most of what a shop does, as columns of days.
WITH best AS (
    SELECT *
    FROM volume_forecast
    SEMI JOIN merchants USING (merchant_id)
    WHERE made_on = $as_of AND measure IN ('orders', 'units', 'gmv')
    QUALIFY dense_rank() OVER (
        PARTITION BY merchant_id ORDER BY CASE measure WHEN 'orders' THEN 1 WHEN 'units' THEN 2 ELSE 3 END
    ) = 1
)
SELECT
    merchant_id,
    measure,
    list(mean ORDER BY target_date) AS mean,
    list(q025 ORDER BY target_date) AS q025,
    list(q10 ORDER BY target_date) AS q10,
    list(q25 ORDER BY target_date) AS q25,
    list(q50 ORDER BY target_date) AS q50,
    list(q75 ORDER BY target_date) AS q75,
    list(q90 ORDER BY target_date) AS q90,
    list(q975 ORDER BY target_date) AS q975,
    any_value(level) AS level,
    list(weekday_factor ORDER BY target_date) AS weekday_factor,
    list(month_day_factor ORDER BY target_date) AS month_day_factor,
    list(year_factor ORDER BY target_date) AS year_factor,
    list(promotion_factor ORDER BY target_date) AS promotion_factor,
    list(holiday_factor ORDER BY target_date) AS holiday_factor,
    list(event_factor ORDER BY target_date) AS event_factor,
    list(mix_factor ORDER BY target_date) AS mix_factor
FROM best
GROUP BY merchant_id, measure
ORDER BY merchant_id
