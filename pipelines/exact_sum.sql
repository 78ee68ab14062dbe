-- The sum of figures with decimals, the same to the last bit whatever order threads add the rows in: sums of decimals
-- are sums of whole numbers. It takes figures to nine places; where one is too large for that, a plain sum.
-- A macro takes no FILTER: write exact_sum(if(condition, x, NULL)).
CREATE TEMP MACRO exact_sum(x) AS
    CASE WHEN max(abs(x)) < 1e15
        THEN CAST(sum(CAST(CASE WHEN abs(x) < 1e15 THEN x END AS DECIMAL(38, 9))) AS DOUBLE)
        ELSE sum(x)
    END
