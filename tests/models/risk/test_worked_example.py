"""The figures of the worked example in docs/risk.md."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.stats import norm

from models.metrics.catalogue import Rate
from models.metrics.estimate import estimate_rate
from models.metrics.profile import Colouring
from models.metrics.rate import BetaPrior
from models.risk.residuals import rate_scores
from models.risk.settings import ResidualSettings

PROFILE = yaml.safe_load(
    (Path(__file__).parents[3] / "data" / "policy" / "profiles" / "neutral.yaml").read_text(encoding="utf-8")
)
PRIOR = BetaPrior(np.array([0.015]), np.array([150.0]))


@pytest.fixture(scope="module")
def parcels():
    late, due = np.zeros((1, 140)), np.full((1, 140), 12.0)
    late[0, :-10:5] = 1  # one of sixty
    late[0, -10:] = [0, 1, 0, 1, 1, 1, 2, 1, 1, 1]
    return late, due


@pytest.fixture(scope="module")
def estimate(parcels):
    row = next(one for one in PROFILE["metrics"] if one["id"] == "fulfilment.late_dispatch")
    colouring = Colouring.model_validate(PROFILE["colouring"])
    return estimate_rate(Rate.model_validate(row), 10, *parcels, PRIOR, colouring, date(2026, 10, 30))


def test_rate_and_posterior(estimate):
    assert estimate.observed[0] == pytest.approx(0.075)
    assert estimate.belief_a[0] / (estimate.belief_a[0] + estimate.belief_b[0]) == pytest.approx(0.042, abs=5e-4)
    assert (estimate.low[0], estimate.high[0]) == pytest.approx((0.021, 0.068), abs=5e-4)


def test_limits_and_what_is_left(estimate):
    assert estimate.worse_than(0.04)[0] == pytest.approx(0.52, abs=5e-3)
    assert estimate.worse_than(0.03)[0] == pytest.approx(0.83, abs=5e-3)
    assert estimate.more_bad_until_red[0] == 8
    assert estimate.good_until_green[0] == 12


def test_projection(estimate):
    assert estimate.breach[0] == pytest.approx(0.94, abs=5e-3)


def test_surprise(parcels):
    scores = rate_scores(*parcels, 0, PRIOR, ResidualSettings())
    plain = rate_scores(*parcels, 0, PRIOR, ResidualSettings(few_events=0))
    assert scores.observed[0] == pytest.approx(0.095, abs=5e-4)
    assert scores.expected[0] == pytest.approx(0.016, abs=5e-4)
    assert plain.z[0, -1] == pytest.approx(5.5, abs=0.05)
    assert scores.z[0, -1] == pytest.approx(3.6, abs=0.05)
    assert norm.sf(scores.z[0, -1]) == pytest.approx(1.4e-4, abs=5e-6)
