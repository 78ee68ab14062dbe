-- The newest measurement of the alerts: whole doors over all families, and whole families over all doors.
SELECT
    as_of, backtest, source, family, opened_by, first_on, benign, judged_alerts, true_alerts, episodes, found,
    precision, precision_low, precision_high, recall, recall_low, recall_high,
    median_lead_days, median_lead_days_low, median_lead_days_high, root_leg_right,
    benign_alerted, benign_alerted_low, benign_alerted_high,
    per_1000_merchant_days, per_1000_merchant_days_low, per_1000_merchant_days_high, notified_per_1000
FROM alert_quality
WHERE stratum = 'all' AND leg = 'all' AND metric = 'all' AND (family = 'all' OR opened_by = 'all')
QUALIFY (as_of, measured_at) = max((as_of, measured_at)) OVER ()
ORDER BY family, opened_by
