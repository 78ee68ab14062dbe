-- One row per date, merchant and product: sales beside stock.
-- A merchant with at least one sales row on a date sold 0 of its products that have none; a merchant without any is
-- not known. Rows for the whole shop (empty sku_id) are no product and stay out.
WITH
reported AS (SELECT DISTINCT date, merchant_id FROM sales WHERE sku_id <> ''),
both_feeds AS (
    SELECT
        date, merchant_id, sku_id,
        coalesce(sold.bucket, stock.bucket) AS bucket,
        sold.has_row, sold.order_lines, sold.units, sold.gmv, sold.list_price, sold.paid_price, sold.on_promotion,
        stock.on_hand, stock.reserved, stock.hours_out_of_stock,
        greatest(sold.known_on, stock.known_on) AS known_on
    FROM (SELECT *, true AS has_row FROM sales WHERE sku_id <> '') AS sold
    FULL OUTER JOIN stock USING (date, merchant_id, sku_id)
),
-- What was open on a date as known on that date: each version of a purchase order holds from its delivery until the
-- next version, so that news of later days changes nothing here.
order_versions AS (
    SELECT merchant_id, sku_id, ordered_on, closed_on, units_ordered, units_received, known_on,
        lead(known_on) OVER (PARTITION BY merchant_id, purchase_order_id, sku_id ORDER BY known_on, file, line)
            AS next_known_on
    FROM all_inbound WHERE known_on <= $as_of
),
open_inbound AS (
    SELECT CAST(days.day AS DATE) AS date, merchant_id, sku_id,
        sum(greatest(units_ordered - coalesce(units_received, 0), 0)) AS inbound_open_units
    FROM order_versions, generate_series(
        greatest(known_on, ordered_on, CAST($from_date AS DATE))::TIMESTAMP,
        least(coalesce(next_known_on - 1, $to_date), coalesce(closed_on - 1, $to_date),
              CAST($to_date AS DATE))::TIMESTAMP,
        INTERVAL 1 DAY) AS days(day)
    GROUP BY ALL
),
product_versions AS (SELECT merchant_id, sku_id, status, known_on FROM all_products WHERE known_on <= $as_of),
listed AS (
    SELECT both_feeds.*, product_versions.status
    FROM both_feeds ASOF LEFT JOIN product_versions
        ON both_feeds.merchant_id = product_versions.merchant_id AND both_feeds.sku_id = product_versions.sku_id
        AND both_feeds.date >= product_versions.known_on
)
SELECT
    listed.date, listed.merchant_id, listed.sku_id, listed.bucket,
    -- A row that leaves a figure empty does not know it; only a product without a row sold 0.
    CASE WHEN has_row THEN order_lines WHEN reported.merchant_id IS NOT NULL THEN 0 END AS order_lines,
    CASE WHEN has_row THEN units WHEN reported.merchant_id IS NOT NULL THEN 0 END AS units,
    CASE WHEN has_row THEN gmv WHEN reported.merchant_id IS NOT NULL THEN 0 END AS gmv,
    list_price, paid_price, on_promotion,
    on_hand, reserved, hours_out_of_stock,
    inbound_open_units, listed.status, listed.known_on,
    strftime(listed.date, '%Y-%m') AS month
FROM listed
LEFT JOIN reported ON reported.date = listed.date AND reported.merchant_id = listed.merchant_id
LEFT JOIN open_inbound ON open_inbound.date = listed.date AND open_inbound.merchant_id = listed.merchant_id
    AND open_inbound.sku_id = listed.sku_id
WHERE listed.date BETWEEN $from_date AND $to_date
