-- First day of the window with any number, and how many numbers each measure has in it.
SELECT
    min(date) AS first_on,
    count(storefront_orders) AS orders,
    count(sales_units) AS units,
    count(sales_gmv) AS gmv,
    count(storefront_visitors) AS visitors
FROM merchant_day
WHERE date >= $since
    AND (storefront_orders IS NOT NULL OR sales_units IS NOT NULL OR sales_gmv IS NOT NULL OR storefront_visitors IS NOT NULL)
