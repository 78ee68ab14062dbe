-- Every merchant of the day, whether it has an alert (`today`), and where its evidence is strongest.
SELECT
  risk.merchant_id, segment.size_class AS stratum, risk.p_value_leg AS leg, score.p_value,
  risk.merchant_id IN (SELECT merchant_id FROM today WHERE status <> 'resolved') AS alerted
FROM merchant_risk AS risk
LEFT JOIN segments AS segment ON segment.merchant_id = risk.merchant_id AND segment.as_of = $as_of
LEFT JOIN leg_scores AS score
  ON score.merchant_id = risk.merchant_id AND score.leg = risk.p_value_leg AND score.as_of = $as_of
WHERE risk.as_of = $as_of
