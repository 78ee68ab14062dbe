-- Held rows as the lake keeps them.
SELECT
    $feed AS feed, batch_files.label AS file, held.line, held.merchant_id, held.known_on, held.raw,
    CAST($seen_at AS TIMESTAMPTZ) AS seen_at
FROM held
JOIN batch_files USING (file_number)
ORDER BY file, line
