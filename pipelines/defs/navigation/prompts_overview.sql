-- Prompts by situation, for the analyst who opens the asset.
SELECT leg, situation, kind, count(*) AS prompts, count(*) FILTER (WHERE today) AS today, round(sum(worth)) AS worth
FROM prompts WHERE as_of = $as_of GROUP BY ALL ORDER BY worth DESC NULLS LAST, prompts DESC, situation
