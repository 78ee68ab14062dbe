-- Per merchant the hour of the days ahead that lacks most people, and what is lacking in all of them.
WITH plan AS (
    SELECT staffing_plan.*, greatest(gap, 0) AS short
    FROM staffing_plan JOIN merchants USING (merchant_id)
    WHERE staffing_plan.as_of = $as_of AND agents_rostered IS NOT NULL AND merchants.status IS DISTINCT FROM 'closed'
),
total AS (
    SELECT merchant_id,
        sum(short) AS hours_short,
        -- Of the consultations of an hour, those that the people who are there cannot take.
        sum(pre_sale_sessions * human_sessions / nullif(sessions, 0) * short / nullif(agents_needed, 0))
            AS sessions_short
    FROM plan GROUP BY merchant_id
)
SELECT plan.merchant_id, date, CAST(hour AS DOUBLE) AS hour, agents_needed, agents_rostered, gap,
    gap / nullif(agents_needed, 0) AS gap_share, total.hours_short, total.sessions_short, sessions,
    agents_needed_with_bot AS agents_with_bot
FROM plan JOIN total USING (merchant_id)
WHERE gap > 0
QUALIFY row_number() OVER (PARTITION BY plan.merchant_id ORDER BY gap DESC, sessions DESC, date, hour) = 1
