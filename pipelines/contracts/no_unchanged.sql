-- No key can repeat, so no row can be unchanged.
CREATE OR REPLACE TEMP TABLE unchanged AS
SELECT CAST(NULL AS INTEGER) AS file_number, CAST(NULL AS BIGINT) AS line WHERE false;
