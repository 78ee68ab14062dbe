SELECT
    merchant_id, prompt_id, leg, action, reason, due_on, worth, proof,
    coalesce(good_news, false) AS good_news, coalesce(today, false) AS today, light, situation, params, locale
FROM prompts
SEMI JOIN merchants USING (merchant_id)
WHERE as_of = $as_of
ORDER BY merchant_id, rank
