import numpy as np
import pytest

from models.metrics.grouping import make_groupings
from models.risk.group_effects import own_part, without_groups
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
