import numpy as np
import pytest

from models.metrics.grouping import make_groupings
from models.risk.group_effects import Inside, own_part, without_crowds_of_evidence, without_groups
from models.risk.residuals import Scores
from models.risk.scored import ScoredMetric
from models.risk.settings import IncidentSettings

MERCHANTS, DAYS = 200, 40
SETTINGS = IncidentSettings(scopes=("platform", "carrier"))


def groupings(carriers):
    attributes = {"platform": np.full(MERCHANTS, "all", dtype=object), "carrier": np.array(carriers, dtype=object)}
    return dict(zip(SETTINGS.scopes, make_groupings(attributes, [[], ["carrier"]]), strict=True))


@pytest.fixture
def scores():
    """Noise, in which the first half of the merchants falls by four deviations today."""
    made = np.random.default_rng(4).normal(size=(MERCHANTS, DAYS))
    made[: MERCHANTS // 2, -1] += 4
    return made


def test_what_a_group_did_is_nobodys_own(scores):
    strata = np.zeros(MERCHANTS, dtype=np.int64)
    half = MERCHANTS // 2
    left = own_part(scores, groupings(["swift"] * half + ["slow"] * half), strata, 1, SETTINGS)
    assert np.median(left[:half, -1]) == pytest.approx(0, abs=0.3)
    np.testing.assert_array_equal(left[:, : DAYS // 2], scores[:, : DAYS // 2])


def test_merchants_without_a_carrier_are_no_group_and_the_named_one_is_told(scores):
    ones, half = np.ones(MERCHANTS), MERCHANTS // 2
    one = ScoredMetric("late", "fulfilment", Scores(scores, ones, ones * 10, ones * 5, ones), 1)
    strata = np.zeros(MERCHANTS, dtype=np.int64)
    for name, told in (("swift", ("carrier", "swift")), ("all", ("crowd", "all"))):
        narrow = SETTINGS.model_copy(update={"scopes": ("carrier",)})
        _, inside, findings = without_groups([one], groupings([name] * half + ["slow"] * half), strata, narrow)
        assert [(found.scope, found.group) for found in findings] == [told]
        assert (inside["late"].scope[:half] == ":".join(told)).mean() > 0.8


def test_a_crowd_of_evidence_is_told_with_its_members():
    generator, strata = np.random.default_rng(6), np.zeros(MERCHANTS, dtype=np.int64)
    p, ones = generator.uniform(size=(MERCHANTS, DAYS)), np.ones(MERCHANTS)
    p[:30, -1] = generator.uniform(0, 1e-3, 30)
    z = np.where(p < 1e-3, 2.0, 0.0)
    one = ScoredMetric("late", "fulfilment", Scores(z, ones, ones * 10, ones * 5, ones), 1)
    inside = {"late": Inside(np.full(MERCHANTS, "", dtype=object), np.zeros(p.shape, dtype=bool))}
    counted, findings = without_crowds_of_evidence([one], {"late": p}, {"late": strata}, inside, SETTINGS)
    assert [(found.scope, found.leg, found.effect) for found in findings] == [("crowd", "fulfilment", 2.0)]
    assert findings[0].members == pytest.approx(30, abs=4)
    assert (inside["late"].scope[:30] == "crowd:all").all()
    assert (counted["late"][:30, -1] < 1e-3).mean() < 0.15


def test_a_crowd_whose_metric_has_no_score_on_the_day_is_told_with_what_its_p_values_are_worth():
    generator, strata = np.random.default_rng(6), np.zeros(MERCHANTS, dtype=np.int64)
    p, ones = generator.uniform(size=(MERCHANTS, DAYS)), np.ones(MERCHANTS)
    p[:30, -1] = 1e-3
    one = ScoredMetric("late", "fulfilment", Scores(np.full(p.shape, np.nan), ones, ones, ones, ones), 1)
    inside = {"late": Inside(np.full(MERCHANTS, "", dtype=object), np.zeros(p.shape, dtype=bool))}
    _, findings = without_crowds_of_evidence([one], {"late": p}, {"late": strata}, inside, SETTINGS)
    assert findings[0].effect == pytest.approx(3.09, abs=0.01)
