-- Merchants by stage and size, for the analyst who opens the asset.
SELECT coalesce(growth_stage, 'not known') AS growth_stage,
    count(*) FILTER (WHERE size_class = 'key') AS key,
    count(*) FILTER (WHERE size_class = 'mid') AS mid,
    count(*) FILTER (WHERE size_class = 'small') AS small,
    count(*) AS merchants
FROM segments WHERE as_of = $as_of GROUP BY 1 ORDER BY merchants DESC, growth_stage
