"""The small linear algebra of the loops, beside NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.components.own_terms_loops import _solve, _step, _sum_by


def test_equations_are_solved_as_numpy_solves_them() -> None:
    random = np.random.default_rng(1)
    A = random.normal(size=(9, 9))
    H, g = A @ A.T + np.eye(9), random.normal(size=9)
    found = g.copy()
    _solve(H.copy(), found)
    np.testing.assert_allclose(found, np.linalg.solve(H, g), rtol=1e-10)


def test_a_step_is_that_of_weighted_ridge_regression() -> None:
    design = np.array([[1.0, 0.0], [1.0, 1.0]])
    precision, centre, theta = np.diag([4.0, 9.0]), np.array([0.0, 0.1]), np.array([0.05, 0.0])
    weight, pull, factor = np.array([10.0, 20.0]), np.array([1.0, -2.0]), np.empty(2)
    H = precision + design.T @ (design * weight[:, None])
    expected = theta + np.linalg.solve(H, design.T @ pull - precision @ (theta - centre))
    _step(design, precision, centre, weight, pull, theta, factor)
    np.testing.assert_allclose(theta, expected, rtol=1e-12)
    np.testing.assert_allclose(factor, np.exp(design @ expected), rtol=1e-12)


def test_a_day_far_off_counts_as_one_at_the_limit() -> None:
    """Mean 100, unit 1, no dispersion: a day's sd is 10, so 250 beside a limit of 2 sd counts as 120."""
    y, base = np.array([250.0, 90.0]), np.array([100.0, 100.0])
    week, kind, ones = np.array([0, 1]), np.zeros(2, np.int64), np.ones(2)
    weight, pull = np.empty(2), np.empty(2)
    noise = _sum_by(y, base, week, kind, 2, False, ones, ones, 1.0, 0.0, 1.0, 4.0, 1.0, 1e12, weight, pull)
    assert noise == pytest.approx(1.0)
    np.testing.assert_allclose(weight, [100.0, 100.0])
    np.testing.assert_allclose(pull, [20.0, -10.0])
