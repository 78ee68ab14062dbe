-- The newest day on which the carrying feed has rows of at least $share of the merchants that are usual lately.
WITH
last AS (SELECT max(date) AS day FROM carrying),
reported AS (
    SELECT date, count(DISTINCT merchant_id) AS merchants
    FROM carrying WHERE date > (SELECT day FROM last) - 28
    GROUP BY date
)
SELECT date FROM reported
WHERE merchants >= $share * (SELECT median(merchants) FROM reported)
ORDER BY date DESC
LIMIT 1
