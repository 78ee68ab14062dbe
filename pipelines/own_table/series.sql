-- Series in order of their names with their group and how much is known of them.
CREATE TABLE series AS
SELECT
    CAST(row_number() OVER (ORDER BY series) - 1 AS INTEGER) AS place,
    series,
    coalesce(min(grp), '') AS grp,
    count(DISTINCT grp) AS groups,
    max(grp) AS other_group,
    count(value) AS known,
    count(value) FILTER (day > CAST($last_on AS DATE) - CAST($silent_days AS INTEGER)) AS lately
FROM given
GROUP BY series
