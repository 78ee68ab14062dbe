-- Rows that say what the version before them said: per key, versions in the order in which they became known.
CREATE OR REPLACE TEMP TABLE unchanged AS
WITH candidates AS (
    SELECT typed.file_number, typed.line, typed.key_hash, typed.row_hash, typed.known_on, batch_files.label AS file
    FROM typed JOIN batch_files USING (file_number)
    WHERE typed.rule IS NULL
),
versions AS (
    SELECT file_number, line, key_hash, row_hash, known_on, file FROM candidates
    UNION ALL
    SELECT NULL AS file_number, line, key_hash, row_hash, known_on, file FROM earlier
    WHERE key_hash IN (SELECT key_hash FROM candidates)
),
compared AS (
    SELECT
        file_number, line, row_hash,
        lag(row_hash) OVER (PARTITION BY key_hash ORDER BY known_on, file, line) AS row_hash_before
    FROM versions
)
SELECT file_number, line FROM compared WHERE file_number IS NOT NULL AND row_hash = row_hash_before;
