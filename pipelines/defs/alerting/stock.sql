-- Per merchant: the probability with which products that make up $share of its forecast run out before they can be
-- replaced. Products are taken from the most probable downwards until their share of the forecast is reached.
WITH ranked AS (
  SELECT
    merchant_id,
    p_stock_out_before_receipt AS probability,
    stock_out_on,
    money_at_risk,
    sum(forecast_28) OVER (
      PARTITION BY merchant_id
      ORDER BY p_stock_out_before_receipt DESC, sku_id
      ROWS UNBOUNDED PRECEDING
    ) AS forecast_so_far,
    sum(forecast_28) OVER (  -- in the same order, so that the last of the sums above reaches it to the last bit
      PARTITION BY merchant_id
      ORDER BY p_stock_out_before_receipt DESC, sku_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS forecast_of_all
  FROM replenishment_plan
  WHERE as_of = $as_of AND p_stock_out_before_receipt IS NOT NULL AND forecast_28 > 0
)
SELECT
  merchant_id,
  max(probability) FILTER (forecast_so_far >= $share * forecast_of_all) AS level,
  -- the days until the first of them is gone
  CAST(greatest(min(date_diff('day', $as_of, stock_out_on)) FILTER (probability >= $threshold), 0) AS DOUBLE)
    AS days_to_harm,
  exact_sum(if(probability >= $threshold, money_at_risk, NULL)) AS money_at_risk
FROM ranked
GROUP BY merchant_id
ORDER BY merchant_id
