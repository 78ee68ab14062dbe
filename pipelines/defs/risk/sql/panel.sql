-- Columns by merchant and day of a block, with the place of each row in the matrix.
SELECT
    block_merchants.place,
    CAST(date_diff('day', $first, merchant_day.date) AS INTEGER) AS day,
    COLUMNS(lambda c: list_contains($columns, c))::FLOAT
FROM merchant_day
JOIN block_merchants USING (merchant_id)
WHERE merchant_day.date BETWEEN $first AND $as_of
