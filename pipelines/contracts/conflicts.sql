-- Keys that stand in one file with several values, by hash; the exact keys are compared when the rows are marked.
CREATE OR REPLACE TEMP TABLE conflicts AS
SELECT file_number, key_hash
FROM typed
WHERE rule IS NULL
GROUP BY ALL
HAVING count(*) > 1 AND count(DISTINCT row_hash) > 1;
