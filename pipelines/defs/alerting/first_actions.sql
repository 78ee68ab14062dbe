-- The first thing to do per merchant and leg, with what is needed to say it in any language.
SELECT
  merchant_id, leg,
  arg_min({'action': action, 'situation': situation, 'params': params, 'locale': locale}, rank) AS first
FROM prompts
WHERE as_of = $as_of AND NOT coalesce(good_news, false)
GROUP BY merchant_id, leg
