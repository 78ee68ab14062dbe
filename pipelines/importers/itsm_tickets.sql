-- One row per ticket. '?' is the log's word for unknown. Changes are counted by sys_mod_count.
CREATE TEMP TABLE tickets AS
WITH changes AS (
    SELECT
        number,
        incident_state AS state,
        sys_mod_count AS change,
        CAST(opened_at AS TIMESTAMP) AS opened_at,
        CAST(sys_updated_at AS TIMESTAMP) AS changed_at,
        CAST(closed_at AS TIMESTAMP) AS closed_at,
        nullif(assignment_group, '?') AS desk
    FROM log
)
SELECT
    number,
    min(opened_at) AS opened_at,
    CAST(min(opened_at) AS DATE) AS date,
    -- A step before the opening is a slip of two clocks.
    greatest(min(changed_at) FILTER (state <> 'New'), min(opened_at)) AS answered_at,
    CAST(max(closed_at) AS DATE) AS closed_on,
    arg_min(desk, change) FILTER (desk IS NOT NULL) AS first_desk,
    arg_max(desk, change) FILTER (desk IS NOT NULL) AS last_desk,
    (SELECT CAST(max(changed_at) AS DATE) FROM changes) AS last_on
FROM changes
GROUP BY number
