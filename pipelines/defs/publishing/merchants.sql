-- One row per merchant of the block: who it is, its segment, its risk today and the last time before.
WITH before AS (
    SELECT merchant_id, money_at_risk
    FROM merchant_risk
    WHERE as_of < $as_of AND as_of >= $as_of - INTERVAL 7 DAY
    QUALIFY row_number() OVER (PARTITION BY merchant_id ORDER BY as_of DESC) = 1
)
SELECT
    m.merchant_id,
    m.merchant_name,
    m.locale,
    m.category,
    m.region,
    s.growth_stage,
    s.size_class,
    coalesce(r.light, 'grey') AS light,
    r.money_at_risk,
    b.money_at_risk AS money_before
FROM merchants AS m
LEFT JOIN segments AS s ON s.merchant_id = m.merchant_id AND s.as_of = $as_of
LEFT JOIN merchant_risk AS r ON r.merchant_id = m.merchant_id AND r.as_of = $as_of
LEFT JOIN before AS b ON b.merchant_id = m.merchant_id
ORDER BY m.merchant_id
