-- Signals of an earlier day, with the place of merchant and metric; nothing of the day itself or later.
SELECT day_merchants.place, day_metrics.position, signal.observed, signal.light, signal.since
FROM metric_signals AS signal
JOIN day_merchants USING (merchant_id)
JOIN day_metrics ON day_metrics.metric = signal.metric AND day_metrics.window = signal.window
WHERE signal.as_of = $earlier AND signal.as_of < $as_of
