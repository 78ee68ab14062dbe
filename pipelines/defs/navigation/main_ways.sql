-- Carrier and warehouse of most orders of each merchant; NULL where none has the share, or the feed does not tell.
WITH
ways AS (
    SELECT merchant_id, carrier, warehouse, sum(orders) AS orders
    FROM fulfilment GROUP BY ALL
),
carriers AS (
    SELECT merchant_id, carrier, sum(orders) AS orders FROM ways GROUP BY ALL
),
warehouses AS (
    SELECT merchant_id, warehouse, sum(orders) AS orders FROM ways GROUP BY ALL
)
SELECT
    merchant_id,
    nullif(max(carrier) FILTER (carriers_share >= $least_share), '') AS main_carrier,
    nullif(max(warehouse) FILTER (warehouses_share >= $least_share), '') AS main_warehouse
FROM (
    SELECT merchant_id, carrier, NULL AS warehouse, NULL AS warehouses_share,
        orders / nullif(sum(orders) OVER (PARTITION BY merchant_id), 0) AS carriers_share
    FROM carriers
    UNION ALL
    SELECT merchant_id, NULL, warehouse, orders / nullif(sum(orders) OVER (PARTITION BY merchant_id), 0), NULL
    FROM warehouses
)
GROUP BY merchant_id
ORDER BY merchant_id
