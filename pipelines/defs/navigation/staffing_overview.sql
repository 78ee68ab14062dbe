-- People needed and rostered by hour of the day over the days ahead, for the analyst who opens the asset.
SELECT hour,
    round(sum(sessions)) AS sessions,
    sum(agents_needed) AS agent_hours_needed,
    sum(agents_rostered) AS agent_hours_rostered,
    sum(greatest(gap, 0)) AS agent_hours_short,
    sum(agents_needed_with_bot) AS agent_hours_needed_with_bot
FROM staffing_plan WHERE as_of = $as_of GROUP BY hour ORDER BY hour
