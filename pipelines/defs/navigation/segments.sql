-- One row per merchant with what segments are told from. Sums are NULL where the sales of the whole span are unknown.
SELECT
    merchants.merchant_id,
    any_value(merchants.account_manager) AS account_manager,
    date_diff('day', any_value(merchants.opened_on), $as_of) AS age_days,
    exact_sum(if(date > CAST($trailing_from AS DATE), sales_gmv, NULL)) AS trailing_gmv,
    exact_sum(if(date > CAST($trailing_from AS DATE), sales_units, NULL)) AS trailing_units,
    exact_sum(if(date > CAST($recent_from AS DATE), sales_units, NULL)) AS recent_units,
    count(sales_units) FILTER (WHERE date > CAST($recent_from AS DATE)) AS recent_days,
    exact_sum(if(date > CAST($previous_from AS DATE) AND date <= CAST($recent_from AS DATE), sales_units, NULL))
        AS previous_units,
    count(sales_units) FILTER (WHERE date > CAST($previous_from AS DATE) AND date <= CAST($recent_from AS DATE))
        AS previous_days,
    exact_sum(if(date > CAST($dormant_from AS DATE), sales_units, NULL)) AS dormant_units,
    count(sales_units) FILTER (WHERE date > CAST($dormant_from AS DATE)) AS dormant_known_days
FROM merchants
LEFT JOIN merchant_day USING (merchant_id)
GROUP BY merchants.merchant_id
ORDER BY merchants.merchant_id
