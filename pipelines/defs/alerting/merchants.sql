-- Groups that an incident can be about.
SELECT merchant_id, category, region, main_carrier AS carrier, main_warehouse AS warehouse
FROM merchants
LEFT JOIN (SELECT * FROM segments WHERE as_of = $as_of) AS segments USING (merchant_id)
