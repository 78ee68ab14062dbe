-- One row per order and seller: an order may have several sellers, each with a ship-by time of its own. The hand-over and
-- the delivery are told of the order as a whole.
CREATE TEMP TABLE parts AS
WITH by_seller AS (
    SELECT order_id, seller_id, max(CAST(shipping_limit_date AS TIMESTAMP)) AS ship_by
    FROM items
    GROUP BY order_id, seller_id
),
times AS (
    SELECT
        order_id,
        customer_id,
        order_status AS status,
        CAST(order_purchase_timestamp AS TIMESTAMP) AS purchased_at,
        CAST(order_approved_at AS TIMESTAMP) AS approved_at,
        CAST(order_delivered_carrier_date AS TIMESTAMP) AS handed_at,
        CAST(order_delivered_customer_date AS TIMESTAMP) AS delivered_at,
        CAST(order_estimated_delivery_date AS DATE) AS promised_on
    FROM orders
),
-- The last day on which anything happened; what was promised for later days has not come yet.
extent AS (SELECT CAST(max(greatest(purchased_at, approved_at, handed_at, delivered_at)) AS DATE) AS last_on FROM times)
SELECT
    times.*,
    by_seller.seller_id,
    by_seller.ship_by,
    CAST(purchased_at AS DATE) AS date,
    extent.last_on,
    -- Given up before the hand-over: nobody says when, so it cannot be said whether the ship-by time still counted.
    status IN ('canceled', 'unavailable') AND handed_at IS NULL AS given_up,
    -- On its way or delivered, but the time of the hand-over is missing.
    status IN ('shipped', 'delivered') AND handed_at IS NULL AS hand_over_unknown,
    -- Cancelled on its way, or delivered at a time that is missing.
    status IN ('canceled', 'unavailable', 'delivered') AND delivered_at IS NULL AS delivery_unknown
FROM times
JOIN by_seller USING (order_id)
CROSS JOIN extent
