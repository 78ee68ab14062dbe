-- Figures of the newest day that say whether its risk is plausible.
WITH newest AS (SELECT max(as_of) AS as_of FROM merchant_risk)
SELECT
    (SELECT as_of FROM newest) AS as_of,
    (SELECT count(*) FROM merchant_risk WHERE as_of = (SELECT as_of FROM newest)) AS merchants,
    (SELECT avg(CAST(flagged AS INTEGER)) FROM merchant_risk WHERE as_of = (SELECT as_of FROM newest)) AS flagged_share,
    (SELECT count(*) FILTER (p_value <= 0.01) / nullif(count(p_value), 0) / 0.01
        FROM metric_signals WHERE as_of = (SELECT as_of FROM newest)) AS realised_over_nominal,
    (SELECT max(share) FROM (
        SELECT avg(CAST(light = 'red' AS INTEGER)) AS share FROM leg_status
        WHERE as_of = (SELECT as_of FROM newest) GROUP BY leg)) AS largest_red_share
