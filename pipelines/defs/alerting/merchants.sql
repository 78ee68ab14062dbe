-- Groups that an incident can be about.
SELECT merchant_id, category, region
FROM merchants
