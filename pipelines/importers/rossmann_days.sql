-- What is known of each store and day: is_open is NULL where nobody knows.
CREATE TEMP TABLE store_days AS
WITH rows_of_file AS (
    SELECT
        CAST("Store" AS INTEGER) AS store,
        CAST("Date" AS DATE) AS date,
        CAST("Open" AS INTEGER) = 1 AS is_open,
        "Sales" AS turnover,
        "Customers" AS customers,
        CAST("Promo" AS INTEGER) AS promotion,
        CAST("StateHoliday" AS VARCHAR) <> '0' OR CAST("SchoolHoliday" AS INTEGER) = 1 AS holiday
    FROM train
),
-- The official file has a row for each closed day; a copy of the open days has none.
extent AS (
    SELECT min(date) AS first_on, max(date) AS last_on, bool_or(NOT is_open) AS tells_closed_days FROM rows_of_file
),
calendar AS (
    SELECT CAST(unnest(generate_series(first_on, last_on, INTERVAL 1 DAY)) AS DATE) AS date FROM extent
),
-- Official gaps: 180 stores are missing from 2014-07-01 to 2014-12-31, and store 988 on 2013-01-01. Only a store that is
-- seen before or after the half-year can have a gap there.
missing_half_year AS (
    SELECT store
    FROM rows_of_file CROSS JOIN extent
    WHERE extent.first_on < DATE '2014-07-01' AND extent.last_on > DATE '2014-12-31'
    GROUP BY store
    HAVING count(*) FILTER (date BETWEEN DATE '2014-07-01' AND DATE '2014-12-31') = 0
),
-- A promotion runs in all stores on the same days, so it is known of closed ones too.
promotions AS (SELECT date, max(promotion) AS promotion FROM rows_of_file GROUP BY date)
SELECT
    stores.store,
    calendar.date,
    CASE
        WHEN rows_of_file.store IS NOT NULL THEN rows_of_file.is_open
        WHEN extent.tells_closed_days THEN NULL
        WHEN calendar.date BETWEEN DATE '2014-07-01' AND DATE '2014-12-31'
            AND stores.store IN (SELECT store FROM missing_half_year) THEN NULL
        WHEN stores.store = 988 AND calendar.date = DATE '2013-01-01' THEN NULL
        ELSE false
    END AS is_open,
    rows_of_file.turnover,
    rows_of_file.customers,
    promotions.promotion,
    rows_of_file.holiday
FROM (SELECT DISTINCT store FROM rows_of_file) AS stores
CROSS JOIN calendar
CROSS JOIN extent
LEFT JOIN rows_of_file ON rows_of_file.store = stores.store AND rows_of_file.date = calendar.date
LEFT JOIN promotions ON promotions.date = calendar.date
