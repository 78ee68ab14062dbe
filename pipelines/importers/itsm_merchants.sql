-- Groups are the merchants, and their names say what they are. Delivered once, on the first day.
SELECT
    lower(replace(desk, ' ', '-')) AS merchant_id,
    'IT desk ' || desk || ' (service tickets, no shop)' AS merchant_name,
    'IT service desk (no shop)' AS category,
    'open' AS status,
    false AS mentor_opt_in,
    (SELECT min(date) FROM tickets) AS delivered_on
FROM (SELECT first_desk AS desk FROM tickets UNION SELECT last_desk FROM tickets)
WHERE desk IS NOT NULL
ORDER BY merchant_id
