-- The first thing to do per merchant and leg, as the merchant was told it.
SELECT merchant_id, leg, arg_min(action, rank) AS action
FROM prompts
WHERE as_of = $as_of
GROUP BY merchant_id, leg
