-- Share of merchants with rows of each daily feed on each of the last 28 days, of those open on that day.
SELECT
    date AS day,
    count(*) AS merchants,
    count(sales_units) AS sales,
    count(stock_on_hand) AS stock,
    count(storefront_visitors) AS storefront,
    count(fulfilment_orders) AS fulfilment,
    count(coalesce(service_pre_sale_sessions, service_after_sale_sessions)) AS service,
    count(after_sale_orders) AS after_sale,
    count(roster_agent_hours) AS roster
FROM merchant_day
WHERE date > $as_of - INTERVAL 28 DAY AND date <= $as_of
GROUP BY date
ORDER BY date
