-- Actual values of the days before, as columns per merchant; days without a row are filled in by the reader.
SELECT
    merchant_id,
    list(date ORDER BY date) AS days,
    list(storefront_orders ORDER BY date) AS orders,
    list(sales_units ORDER BY date) AS units,
    list(sales_gmv ORDER BY date) AS gmv
FROM merchant_day
SEMI JOIN merchants USING (merchant_id)
WHERE date BETWEEN $first_day AND $as_of
GROUP BY merchant_id
ORDER BY merchant_id
