"""What a metric brings along beside its scores decides which days the detectors see."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from models.metrics.catalogue import LEGS
from models.metrics.grouping import make_groupings
from models.risk.residuals import Scores
from models.risk.scored import DAY, DRIFT, WEEK, ScoredMetric
from models.risk.scoring import weigh
from models.risk.settings import RiskSettings

MERCHANTS, DAYS, TROUBLED = 200, 56, 17
SETTINGS = RiskSettings.model_validate(
    {
        "money": {"recoverable_share": dict.fromkeys(LEGS, 0.5),
                  "p_bad_unknown": dict.fromkeys(("red", "amber", "green", "star", "grey"), 0.1)},
        "oddness": {"trees": 5, "train_rows": 500},
    }
)  # fmt: skip


def quiet(seed):
    return np.random.default_rng(seed).normal(size=(MERCHANTS, DAYS))


@pytest.fixture
def metric():
    ones = np.ones(MERCHANTS)
    volume = np.random.default_rng(9).lognormal(3, 1, MERCHANTS)
    return ScoredMetric("fulfilment.late", "fulfilment", Scores(quiet(1), volume, ones * 10, ones * 5, ones), 1)


def evidence(metric):
    everyone = np.full(MERCHANTS, "all", dtype=object)
    groupings = {"platform": make_groupings({"platform": everyone}, [[]])[0]}
    none = np.zeros(DAYS, dtype=np.int64)
    return weigh([metric], groupings, metric.scores.volume, none, SETTINGS).metrics[metric.metric]


def test_a_metric_that_says_no_more_makes_incidents_and_is_read_from_its_day_alone(metric):
    assert (metric.incident, metric.light_days, metric.days, dict(metric.windows)) == (True, 1, None, {})
    other = ScoredMetric("sales.units", "sales", metric.scores, 1)
    assert other.windows is not metric.windows
    with pytest.raises(FrozenInstanceError):
        metric.incident = False


def test_scores_of_several_days_join_the_detectors_under_their_name(metric):
    trend = quiet(2)
    trend[TROUBLED, -1] = 12.0
    without, found = evidence(metric), evidence(replace(metric, windows={DRIFT: trend}))
    assert without.p_value[TROUBLED] > 0.05
    assert found.p_value[TROUBLED] < 0.01
    assert found.detector[TROUBLED] == DRIFT


def test_days_of_their_own_are_what_detectors_see_and_the_scores_become_a_window_of_a_week(metric):
    days, loud = quiet(3), metric.scores.z.copy()
    days[TROUBLED, -1] = 12.0
    loud[TROUBLED + 1, -1] = 12.0
    found = evidence(replace(metric, scores=replace(metric.scores, z=loud), days=days))
    assert max(found.p_value[[TROUBLED, TROUBLED + 1]]) < 0.01
    assert found.detector[TROUBLED] not in (WEEK, DAY)  # one of the detectors of single days
    assert found.detector[TROUBLED + 1] == WEEK


def test_windows_have_names_of_their_own():
    assert len({DAY, WEEK, DRIFT}) == 3
