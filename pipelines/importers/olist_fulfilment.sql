-- What became of the orders of a day, in versions: one for each day on which a time of one of them falls, up to the 90
-- days that the contract takes. On a day, a part is late when its time has passed and it was not there in time, whether
-- it came later or never. Who cancelled, and scans of the carrier, are not told.
WITH moments AS (
    SELECT *,
        CAST(handed_at AS DATE) AS handed_on,
        CAST(ship_by AS DATE) AS ship_by_on,
        CAST(purchased_at + INTERVAL 48 HOUR AS DATE) AS two_days_on,
        CAST(delivered_at AS DATE) AS delivered_day,
        NOT (given_up OR hand_over_unknown) AS hand_over_told
    FROM parts
),
versions AS (
    SELECT DISTINCT date, seller_id, known_on
    FROM (
        SELECT date, seller_id, last_on,
            unnest([date, handed_on, ship_by_on, two_days_on, promised_on, delivered_day]) AS known_on
        FROM moments
    )
    WHERE known_on BETWEEN date AND least(date + 90, last_on)
)
SELECT
    versions.date,
    versions.seller_id AS merchant_id,
    '' AS carrier,
    '' AS warehouse,
    count(*) AS orders,
    count(*) FILTER (handed_on <= known_on) AS dispatched,
    count(*) FILTER (hand_over_told AND ship_by_on <= known_on) AS dispatch_due,
    count(*) FILTER (hand_over_told AND ship_by_on <= known_on AND coalesce(handed_at > ship_by, true)) AS dispatched_late,
    count(*) FILTER (hand_over_told AND two_days_on <= known_on) AS pickup_due_48h,
    count(*) FILTER (hand_over_told AND two_days_on <= known_on AND handed_at <= purchased_at + INTERVAL 48 HOUR)
        AS picked_up_48h,
    count(*) FILTER (NOT delivery_unknown AND promised_on <= known_on) AS delivery_due,
    count(*) FILTER (NOT delivery_unknown AND promised_on <= known_on AND coalesce(delivered_day > promised_on, true))
        AS delivered_late,
    versions.known_on AS delivered_on
FROM versions
JOIN moments USING (date, seller_id)
GROUP BY versions.date, versions.seller_id, versions.known_on
ORDER BY delivered_on, versions.date, merchant_id
