-- What was drawn to be looked at and has a verdict.
SELECT audit_id, leg, stratum, as_of
FROM audit_sample
WHERE audit_id IN (SELECT subject_id FROM labelled)
