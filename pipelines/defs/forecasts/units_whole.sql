-- Whether the platform counts units in whole numbers (NULL where nothing was sold).
SELECT bool_and(units = floor(units)) AS whole FROM sku_day WHERE units > 0
