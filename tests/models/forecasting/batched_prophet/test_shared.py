import numpy as np
import pytest

from models.forecasting.batched_prophet.careful import solve_carefully
from models.forecasting.batched_prophet.shared import solve_shared
from models.forecasting.batched_prophet.whitening import hinge_columns, whiten

rng = np.random.default_rng(0)
ROWS = 200
T = np.linspace(0, 1, ROWS)
Z = np.column_stack([T, np.ones(ROWS), rng.normal(size=(ROWS, 4))])
SCALES = np.array([5.0, 5, 10, 10, 10, 10])
D = hinge_columns(T, np.linspace(0.03, 0.8, 25))
VALUES = 40 + D @ rng.laplace(0, 20, (25, 9)) + 3 * Z[:, 2:3] + rng.normal(0, 2, (ROWS, 9))


@pytest.mark.parametrize(("single", "close"), [(False, 1e-10), (True, 1e-3)])
def test_all_at_once_is_each_alone(single, close):
    values = np.ascontiguousarray(VALUES.T)
    scale = np.abs(values).max(axis=1)
    solved = solve_shared(values, np.arange(len(values)), 0, scale, whiten(Z, SCALES, D), None, 0.05, 4.0, single)
    assert not solved.careful.any()
    for i, row in enumerate(values / scale[:, None]):
        theta, delta, variance = solve_carefully(row, Z, SCALES, D, 0.05, 4.0)
        assert solved.variance[i] == pytest.approx(variance, rel=close)
        mine = Z @ solved.theta[i] + D @ solved.delta[i]
        np.testing.assert_allclose(mine, Z @ theta + D @ delta, atol=close)


def test_where_the_power_series_does_not_reach_the_exact_form_is_used():
    faint = Z.copy()
    faint[:, 5] *= 1e-3
    design = whiten(faint, SCALES, D)
    values = np.ascontiguousarray(VALUES[:, :2].T)
    scale = np.abs(values).max(axis=1)
    solved = solve_shared(values, np.arange(len(values)), 0, scale, design, None, 0.05, 4.0)
    assert solved.variance.min() > design.reach
    expected = solve_carefully(values[0] / scale[0], faint, SCALES, D, 0.05, 4.0)
    assert solved.variance[0] == pytest.approx(expected[2], rel=1e-10)
    r = values[0] / scale[0] - faint @ solved.theta[0] - D @ solved.delta[0]
    np.testing.assert_allclose(faint.T @ r, solved.variance[0] * solved.theta[0] / SCALES**2, atol=1e-9)


def test_a_fit_too_close_for_sums_of_squares_is_handed_on():
    values = (3 * T + 5 + rng.normal(0, 1e-4, ROWS))[None]
    solved = solve_shared(values, np.arange(1), 0, np.array([8.0]), whiten(Z, SCALES, D), None, 0.05, 4.0)
    assert solved.careful.all()
