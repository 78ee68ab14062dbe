import numpy as np
import pytest

from models.forecasting.batched_prophet.whitening import hinge_columns, whiten

rng = np.random.default_rng(0)
T = np.linspace(0, 1, 120)
Z = np.column_stack([T, np.ones(120), rng.normal(size=(120, 3))])
SCALES = np.array([5.0, 5, 10, 10, 10])
D = hinge_columns(T, np.array([0.1, 0.4, 0.7]))


@pytest.mark.parametrize("s", [1e-6, 1e-3, 0.015])
def test_the_power_series_is_the_schur_complement(s):
    w = whiten(Z, SCALES, D)
    assert s < w.reach
    series = sum(matrix * s**k for k, matrix in enumerate(w.grams))
    A = Z.T @ Z + s * np.diag(SCALES**-2.0)
    np.testing.assert_allclose(series, D.T @ D - D.T @ Z @ np.linalg.solve(A, Z.T @ D), rtol=1e-9, atol=1e-12)


def test_coefficients_come_back():
    w, y, s = whiten(Z, SCALES, D), rng.normal(size=120), 0.01
    theta = w.back @ (w.directions.T @ y / (w.strength + s))
    np.testing.assert_allclose(theta, np.linalg.solve(Z.T @ Z + s * np.diag(SCALES**-2.0), Z.T @ y), rtol=1e-10)


def test_a_column_twice_is_one_direction_and_shares_its_coefficient():
    w = whiten(np.column_stack([Z, Z[:, 4]]), np.append(SCALES, 10.0), D)
    assert len(w.strength) == 5
    np.testing.assert_allclose(w.back[4], w.back[5], atol=1e-10)


def test_hinges_are_orthogonal_to_the_directions():
    w = whiten(Z, SCALES, D)
    assert np.abs(w.directions.T @ w.hinges).max() < 1e-14


def test_a_hinge_is_flat_then_rises():
    assert hinge_columns(np.array([0, 0.5, 1.0]), np.array([0.5])).ravel().tolist() == [0, 0, 0.5]
