-- One block of series.
SELECT place - CAST($first AS INTEGER) AS panel_row, panel_column, value, is_open, promoted, holiday, depth, price
FROM days
WHERE place >= CAST($first AS INTEGER) AND place < CAST($last AS INTEGER)
