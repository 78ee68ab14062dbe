-- Parcels of each shop over all order days that have matured; the newest file wins.
WITH newest AS (
    SELECT
        CAST(date AS DATE) AS date, merchant_id, carrier, warehouse,
        max_by(dispatch_due, filename) AS dispatch_due,
        max_by(dispatched_late, filename) AS dispatched_late,
        max_by(delivery_due, filename) AS delivery_due,
        max_by(delivered_late, filename) AS delivered_late
    FROM read_parquet($files, filename = true, union_by_name = true)
    GROUP BY ALL
)
SELECT
    merchant_id,
    CAST(sum(dispatch_due) AS DOUBLE) AS dispatch_due, CAST(sum(dispatched_late) AS DOUBLE) AS dispatched_late,
    CAST(sum(delivery_due) AS DOUBLE) AS delivery_due, CAST(sum(delivered_late) AS DOUBLE) AS delivered_late
FROM newest
WHERE date <= (SELECT max(date) FROM newest) - $mature
GROUP BY merchant_id
