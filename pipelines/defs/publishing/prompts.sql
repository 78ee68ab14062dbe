SELECT merchant_id, prompt_id, leg, action, reason, due_on, worth, proof
FROM prompts
WHERE as_of = $as_of
ORDER BY merchant_id, rank
