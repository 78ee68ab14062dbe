import numpy as np
import pytest
from scipy.special import expit

from models.risk.outlook.linear import fit_linear

GENERATOR = np.random.default_rng(3)
X = np.c_[GENERATOR.normal(2, 3, 4000), GENERATOR.normal(0, 1, 4000)]
BAD = GENERATOR.random(4000) < expit(-1 + 0.8 * (X[:, 0] - 2) / 3)
ONE = np.ones(4000)
BOTH = np.array([0, 1])


def test_it_finds_slope_and_level():
    found = fit_linear(X, BAD, ONE, BOTH, 10.0)
    assert found.slope == pytest.approx([0.8, 0], abs=0.12)
    assert found.intercept == pytest.approx(-1, abs=0.12)


def test_a_heavier_penalty_draws_slopes_to_nothing():
    assert abs(fit_linear(X, BAD, ONE, BOTH, 1e-5).slope[0]) < 0.1


def test_a_row_that_stands_for_two_counts_as_two():
    twice = np.r_[np.arange(4000), np.flatnonzero(BAD)]
    repeated = fit_linear(X[twice], BAD[twice], np.ones(len(twice)), BOTH, 1.0)
    weighed = fit_linear(X, BAD, np.where(BAD, 2.0, 1.0), BOTH, 1.0)
    np.testing.assert_allclose(weighed.log_odds(X), repeated.log_odds(X), atol=1e-4)


def test_what_is_not_known_counts_as_usual_and_one_wild_figure_is_held_back():
    found = fit_linear(X, BAD, ONE, BOTH, 1.0)
    usual, unknown, wild, wilder = found.log_odds(np.array([found.centre, [np.nan, np.nan], [100.0, 0.0], [1e6, 0.0]]))
    assert unknown == pytest.approx(usual)
    assert wild == wilder


def test_only_the_columns_named_are_looked_at():
    found = fit_linear(X, BAD, ONE, np.array([1]), 1.0)
    changed = X.copy()
    changed[:, 0] = 0
    np.testing.assert_array_equal(found.log_odds(X), found.log_odds(changed))
