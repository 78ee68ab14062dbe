-- Weights of the legs in the day's control, and the share of false alarms that it ran at.
SELECT leg, weight, level
FROM leg_control
WHERE as_of = $as_of
