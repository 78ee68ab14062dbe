-- "window" and "limit" words are columns of the public table, hence the quotes.
SELECT
    merchant_id, metric, "window", leg, kind, numerator, denominator, observed, expected, low, high,
    limit_amber, limit_red, limit_source, peer_group_size, peer_p25, peer_p50, peer_p75, peer_percentile,
    days_to_breach, light, more_bad_until_red, good_until_green, since, previous, grey_reason, sample, min_n,
    review_on, breach_at_review
FROM metric_signals
SEMI JOIN merchants USING (merchant_id)
WHERE as_of = $as_of
ORDER BY merchant_id, metric, "window"
