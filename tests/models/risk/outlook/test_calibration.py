import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from models.risk.outlook.calibration import SHIFT_SPREAD, SLOPE_SPREAD, Calibration, fit_calibration

GENERATOR = np.random.default_rng(5)
Z = GENERATOR.normal(-3, 1.5, 20000)


def test_it_finds_the_line_that_outcomes_followed():
    bad = GENERATOR.random(len(Z)) < expit(0.5 + 0.7 * Z)
    found = fit_calibration(Z, bad, np.ones(len(Z)))
    assert (found.shift, found.slope) == pytest.approx((0.5, 0.7), abs=0.12)


def test_it_is_the_most_likely_line_given_the_prior():
    z, weight = Z[:300], GENERATOR.integers(1, 4, 300).astype(float)
    bad = GENERATOR.random(300) < expit(1 + z)

    def loss(line):
        p = expit(line[0] + line[1] * z)
        likely = (weight * np.where(bad, np.log(p), np.log1p(-p))).sum()
        return -likely + line[0] ** 2 / (2 * SHIFT_SPREAD**2) + (line[1] - 1) ** 2 / (2 * SLOPE_SPREAD**2)

    expected = minimize(loss, [0.0, 1.0]).x
    found = fit_calibration(z, bad, weight)
    assert (found.shift, found.slope) == pytest.approx(tuple(expected), abs=1e-3)


def test_without_outcomes_the_model_is_believed():
    assert fit_calibration(np.empty(0), np.empty(0, dtype=bool), np.empty(0)) == Calibration(0.0, 1.0)


@given(st.lists(st.booleans(), min_size=5, max_size=40))
def test_order_never_turns_round(outcomes):
    z = np.linspace(-6, 2, len(outcomes))
    found = fit_calibration(z, np.array(outcomes), np.ones(len(z)))
    assert (np.diff(found.probability(z)) >= 0).all()


def test_nothing_is_certain():
    assert 0 < Calibration().probability(np.array([-500.0]))[0] < 1e-5
    assert Calibration().probability(np.array([500.0]))[0] < 1
