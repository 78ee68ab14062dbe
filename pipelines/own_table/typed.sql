-- Cells as series, day, value and plans; `mistake` names the first thing that is wrong with a row, NULL where it is good.
-- A value that is empty or NaN is not known. Without a format, a date is year, month, day, perhaps with midnight behind.
CREATE TABLE given AS
WITH parsed AS (
    SELECT
        row,
        CASE WHEN $one_series THEN $all_name ELSE series_text END AS series,
        nullif(trim(date_text), '') AS date_text,
        CASE
            WHEN $own_format THEN try_strptime(trim(date_text), $date_format)
            WHEN regexp_matches(trim(date_text), '^\d{4}[-/]\d{1,2}[-/]\d{1,2}') THEN try_cast(trim(date_text) AS TIMESTAMP)
        END AS moment,
        nullif(trim(value_text), '') AS value_text,
        try_cast(trim(value_text) AS DOUBLE) AS number,
        nullif(group_text, '') AS grp,
        nullif(trim(open_text), '') AS open_text,
        coalesce(try_cast(trim(open_text) AS DOUBLE), CAST(try_cast(trim(open_text) AS BOOLEAN) AS DOUBLE)) AS open_number,
        nullif(trim(promotion_text), '') AS promotion_text,
        coalesce(try_cast(trim(promotion_text) AS DOUBLE), CAST(try_cast(trim(promotion_text) AS BOOLEAN) AS DOUBLE))
            AS promotion_number,
        nullif(trim(holiday_text), '') AS holiday_text,
        coalesce(try_cast(trim(holiday_text) AS DOUBLE), CAST(try_cast(trim(holiday_text) AS BOOLEAN) AS DOUBLE))
            AS holiday_number,
        nullif(trim(price_text), '') AS price_text,
        try_cast(trim(price_text) AS DOUBLE) AS price_number
    FROM cells
)
SELECT
    row,
    series,
    CAST(moment AS DATE) AS day,
    CASE WHEN NOT isnan(number) THEN number END AS value,
    grp,
    open_number = 1 AS is_open,
    promotion_number >= $promotion_least AS promoted,
    holiday_number = 1 AS holiday,
    promotion_number AS depth,
    CASE WHEN NOT isnan(price_number) THEN price_number END AS price,
    CASE
        WHEN series IS NULL OR series = '' THEN 'series: empty'
        WHEN contains(series, chr(0)) THEN 'series: nul'
        WHEN date_text IS NULL THEN 'date: empty'
        WHEN moment IS NULL OR year(moment) NOT BETWEEN 1900 AND 2199 THEN 'date: unreadable'
        WHEN moment <> date_trunc('day', moment) THEN 'date: time'
        WHEN value_text IS NOT NULL AND number IS NULL THEN 'value: unreadable'
        WHEN isinf(number) THEN 'value: infinite'
        WHEN NOT isnan(number) AND number < 0 THEN 'value: negative'
        WHEN NOT isnan(number) AND number > 1e15 THEN 'value: huge'
        WHEN open_text IS NOT NULL AND coalesce(open_number NOT IN (0, 1), true) THEN 'open: unreadable'
        WHEN promotion_text IS NOT NULL AND coalesce(NOT promotion_number BETWEEN 0 AND 1, true) THEN 'promotion: unreadable'
        WHEN holiday_text IS NOT NULL AND coalesce(holiday_number NOT IN (0, 1), true) THEN 'holiday: unreadable'
        WHEN price_text IS NOT NULL AND price_number IS NULL THEN 'price: unreadable'
        WHEN NOT isnan(price_number) AND NOT price_number BETWEEN 1e-9 AND 1e15 THEN 'price: no price'
    END AS mistake
FROM parsed
