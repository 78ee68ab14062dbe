-- The day's signals as codes: what the lights of legs are made from.
SELECT
    day_merchants.place,
    day_metrics.position,
    light, star, grey_reason, p_value, probability_over_limit, peer_percentile, money_at_risk,
    observed, peer_p25, peer_p75, peer_group, peer_group_size
FROM metric_signals
JOIN day_merchants USING (merchant_id)
JOIN day_metrics ON day_metrics.metric = metric_signals.metric AND day_metrics.window = metric_signals.window
WHERE as_of = $as_of
