-- The first column chunk that does not lie inside its file.
SELECT path_in_schema
FROM parquet_metadata($paths)
JOIN (SELECT unnest($paths) AS file_name, unnest($sizes) AS size) USING (file_name)
WHERE least(data_page_offset, dictionary_page_offset, total_compressed_size, num_values, row_group_num_rows) < 0
   OR least(data_page_offset, coalesce(nullif(dictionary_page_offset, 0), data_page_offset)) + total_compressed_size > size
ORDER BY file_name, row_group_id, column_id
LIMIT 1
