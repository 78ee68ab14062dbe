-- What could not be told from the files, in numbers.
SELECT 'orders have no items, so nobody knows their seller; they are in no feed' AS what,
    (SELECT count(*) FROM orders WHERE order_id NOT IN (SELECT order_id FROM items)) AS number
UNION ALL
SELECT 'orders of a seller were given up before the hand-over; nobody says by whom or when, so they count as orders alone',
    (SELECT count(*) FROM parts WHERE given_up)
UNION ALL
SELECT 'orders of a seller lack the time of the hand-over; they are in no count of dispatch',
    (SELECT count(*) FROM parts WHERE hand_over_unknown)
UNION ALL
SELECT 'handed-over or delivered orders of a seller lack the time of delivery; they are in no count of delivery',
    (SELECT count(*) FROM parts WHERE delivery_unknown AND NOT given_up)
UNION ALL
SELECT 'orders of a seller have a time more than 90 days after the order; the contract takes no version so late',
    (SELECT count(*) FROM parts
     WHERE CAST(greatest(handed_at, delivered_at, CAST(promised_on AS TIMESTAMP), ship_by) AS DATE) > date + 90)
UNION ALL
SELECT 'reviews are of orders with no or several sellers; nobody says whom they rate, so they are left out',
    (SELECT count(*) FROM reviews
     WHERE order_id NOT IN (SELECT order_id FROM items GROUP BY order_id HAVING count(DISTINCT seller_id) = 1))
UNION ALL
SELECT 'items are of orders whose times are not in the files; they tell who sells what, and are no sales',
    (SELECT count(*) FROM more_items WHERE order_id NOT IN (SELECT order_id FROM orders))
