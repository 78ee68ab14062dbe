import numpy as np
import pytest

from models.forecasting.batched_prophet.active_set import factor
from models.forecasting.batched_prophet.noise import (
    bend_of,
    next_variance,
    plain_variance,
    settle_noise,
)


def test_the_plain_root_solves_rows_s_plus_weight_s_squared():
    s = plain_variance(30.0, 100.0, 4.0)
    assert 100 * s + 4 * s**2 == pytest.approx(30.0)
    assert plain_variance(0.0, 100.0, 4.0) == 0.0


def test_the_bent_root_solves_with_the_parabola_of_the_active_set():
    s = next_variance(30.0, 20.0, 0.5, 100.0, 4.0)
    assert 100 * s + 4 * s**2 == pytest.approx(30.0 + 20.0 * (s**2 - 0.25))
    assert s < plain_variance(30.0, 100.0, 4.0)


def test_without_a_root_the_plain_one_is_taken():
    assert next_variance(30.0, 1e9, 0.5, 100.0, 4.0) == plain_variance(30.0, 100.0, 4.0)
    assert next_variance(90.0, 1e3, 0.01, 10.0, 4.0) == plain_variance(90.0, 10.0, 4.0)


def test_the_bend_is_the_quadratic_form_of_the_signs():
    G, active, sign = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([0, 1]), np.array([1.0, -1.0])
    L, x = np.zeros((2, 2)), np.zeros(2)
    factor(G, active, 0, 2, L)
    assert bend_of(sign, 2, active, L, x, 0.1) == pytest.approx(sign @ np.linalg.solve(G, sign) / 0.01)


def test_changes_and_noise_agree_with_each_other():
    rng = np.random.default_rng(0)
    D = np.maximum(np.linspace(0, 1, 300)[:, None] - np.linspace(0.05, 0.8, 10), 0)
    y = D @ np.array([0, 1.5, 0, 0, -2, 0, 0, 0, 1, 0.0]) + rng.normal(0, 0.1, 300)
    size, d, sign = 10, np.zeros(10), np.zeros(10)
    L, x, pull, active = np.zeros((size, size)), np.zeros(size), np.zeros(size), np.zeros(size + 1, np.int64)
    G, b = D.T @ D, D.T @ y
    s, _ = settle_noise(G, b, y @ y, 300.0, 0.05, 4.0, 1.0, 1e-13, 0, active, d, sign, L, x, pull)
    r = y - D @ d
    assert 300 * s + 4 * s**2 == pytest.approx(r @ r, rel=1e-10)
    assert np.abs(D.T @ r).max() == pytest.approx(s / 0.05, rel=1e-9)
    assert np.sqrt(s) == pytest.approx(0.1, rel=0.1)
