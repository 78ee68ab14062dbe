import numpy as np

from models.forecasting.batched_prophet.careful import solve_carefully
from models.forecasting.batched_prophet.noise import LEAST_VARIANCE
from models.forecasting.batched_prophet.whitening import hinge_columns

T = np.linspace(0, 1, 150)
Z = np.column_stack([T, np.ones(150), np.sin(np.arange(150))])
SCALES = np.array([5.0, 5, 10])
D = hinge_columns(T, np.linspace(0.05, 0.8, 12))


def test_noise_that_sums_of_squares_cannot_see_is_found():
    noise = np.random.default_rng(0).normal(0, 1e-5, 150)
    theta, delta, variance = solve_carefully(0.3 * T + 0.5 + noise, Z, SCALES, D, 0.05, 4.0)
    r = 0.3 * T + 0.5 + noise - Z @ theta - D @ delta
    np.testing.assert_allclose(150 * variance + 4 * variance**2, r @ r, rtol=1e-9)
    assert np.abs(Z.T @ r - variance * theta / SCALES**2).max() < 1e-12
    assert np.abs(D.T @ r).max() <= variance / 0.05 + 1e-12


def test_a_perfect_line_has_no_maximum_and_is_followed():
    theta, delta, variance = solve_carefully(0.3 * T + 0.5, Z, SCALES, D, 0.05, 4.0)
    assert variance < LEAST_VARIANCE
    assert np.abs(0.3 * T + 0.5 - Z @ theta - D @ delta).max() < 1e-9
