import numpy as np
import pytest
from scipy.optimize import minimize

from models.forecasting.batched_prophet.active_set import factor, search, solve


def searched(G, b, penalty, start=None):
    size = len(b)
    d, sign, active = np.zeros(size), np.zeros(size), np.zeros(size + 1, np.int64)
    L, x, pull = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    count = 0
    if start is not None:
        used = np.flatnonzero(start)
        count, active[: len(used)], d[:], sign[:] = len(used), used, start, np.sign(start)
    count = search(G, b, penalty, 0, count, active, d, sign, L, x, pull)
    assert set(active[:count]) == set(np.flatnonzero(d))
    np.testing.assert_allclose(pull, b - G @ d, atol=1e-10)
    return d


def hinges(rows=200, size=25):
    t = np.linspace(0, 1, rows)
    D = np.maximum(t[:, None] - np.linspace(0.03, 0.8, size), 0)
    Z = np.column_stack([np.ones(rows), t])
    return D - Z @ np.linalg.lstsq(Z, D, rcond=None)[0]


def test_without_a_correlation_each_pull_is_shortened_by_the_penalty():
    d = searched(np.diag([1.0, 2.0, 4.0]), np.array([3.0, -5.0, 0.5]), 1.0)
    np.testing.assert_allclose(d, [2.0, -2.0, 0.0], rtol=1e-14)


def test_a_large_penalty_leaves_nothing():
    assert not searched(np.eye(3), np.array([0.9, -1.0, 0.0]), 1.0).any()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("penalty", [1e-6, 1e-3, 0.05])
def test_the_conditions_of_the_minimum_hold_from_any_start(seed, penalty):
    D, rng = hinges(), np.random.default_rng(seed)
    G, b = D.T @ D, D.T @ rng.normal(0, 0.3, len(D))
    for start in (None, rng.laplace(0, 1, 25) * (rng.random(25) < 0.3)):
        d = searched(G, b, penalty, start)
        pull = b - G @ d
        assert np.abs(pull[d != 0] - penalty * np.sign(d[d != 0])).max(initial=0) < 1e-9
        assert np.abs(pull).max() <= penalty + 1e-9


def test_no_other_point_is_lower():
    D, rng = hinges(size=6), np.random.default_rng(3)
    G, b = D.T @ D, D.T @ rng.normal(0, 0.3, len(D))
    value = lambda d: d @ G @ d / 2 - b @ d + 0.02 * np.abs(d).sum()  # noqa: E731
    found = value(searched(G, b, 0.02))
    best = min(minimize(value, rng.normal(0, 1, 6), method="Powell").fun for _ in range(5))
    assert found <= best + 1e-12


def test_factor_and_solve_are_one_system_over_the_chosen_rows():
    G, active = np.array([[4.0, 1, 2], [1, 3, 0], [2, 0, 5]]), np.array([2, 0, 0, 0])
    L, x = np.zeros((3, 3)), np.array([1.0, 2.0, 0.0])
    factor(G, active, 0, 2, L)
    solve(L, 2, x)
    np.testing.assert_allclose(x[:2], [0.0, 0.5], atol=1e-15)
