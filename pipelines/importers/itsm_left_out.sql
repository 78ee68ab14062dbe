-- What could not be told from the log, in numbers.
SELECT 'tickets never name a group; they are in no feed' AS what, count(*) FILTER (first_desk IS NULL) AS number
FROM tickets
UNION ALL
SELECT 'tickets name no day of closing; they are no cases', count(*) FILTER (closed_on IS NULL) FROM tickets
