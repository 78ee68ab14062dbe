-- Rejected rows as the lake keeps them.
SELECT
    $feed AS feed, batch_files.label AS file, rejected.line, rejected.rule, rejected."column", rejected.raw,
    rejected.merchant_id, batch_files.known_on, CAST($seen_at AS TIMESTAMPTZ) AS seen_at
FROM rejected
JOIN batch_files USING (file_number)
ORDER BY file, line
