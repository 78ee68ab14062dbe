-- Weights of the models that made a merchant's forecast of the coming week, the heaviest first.
SELECT merchant_id, measure, list({'name': model, 'share': weight_near} ORDER BY weight_near DESC, model) AS models
FROM forecast_weights
SEMI JOIN merchants USING (merchant_id)
WHERE made_on = $as_of
GROUP BY merchant_id, measure
ORDER BY merchant_id
