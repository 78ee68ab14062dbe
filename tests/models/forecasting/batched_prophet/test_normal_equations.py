import numpy as np
import pytest

from models.forecasting.batched_prophet import normal_equations as ne

rng = np.random.default_rng(0)
ROWS = 90
COLUMNS = rng.normal(size=(ROWS, 4))
WINDOW = ne.window_of(COLUMNS, np.full(4, 10.0), 5.0)
CHANGES = np.array([7, 30, 31, 66])


def problem(present, own):
    """H, F, K of the kernels, and the dense Z, D, y that they stand for."""
    y = np.where(present, rng.normal(size=ROWS), 0.0)
    own = np.where(present, own, 0.0)
    extra = np.concatenate([own, y[None]])
    q, a, S = 6, len(own), len(CHANGES)
    H, F, K = np.zeros((q + a, q + a)), np.zeros((q + a, S + 1)), np.zeros((S + 1, S + 1))
    ne.add_window(present, WINDOW.columns, WINDOW.gram, H)
    ne.add_hinges(present, WINDOW.columns, WINDOW.sums, WINDOW.moments, CHANGES, F, K, np.empty(q), np.empty(q))
    ne.add_extra(extra, extra @ WINDOW.columns, CHANGES, q, H, F, K)
    t = WINDOW.columns[:, 0]
    Z = np.column_stack([WINDOW.columns, own.T])[present]
    D = np.maximum(t[:, None] - t[CHANGES], 0)[present]
    return H, F, K, Z, D, y[present]


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.9])
@pytest.mark.parametrize("own", [0, 2])
def test_sums_over_the_rows_that_are_there(missing, own):
    present = rng.random(ROWS) >= missing
    present[[0, -1]] = True
    H, F, K, Z, D, y = problem(present, rng.normal(size=(own, ROWS)))
    right = np.column_stack([D, y])
    np.testing.assert_allclose(np.tril(H), np.tril(Z.T @ Z), atol=1e-11)
    np.testing.assert_allclose(F, Z.T @ right, atol=1e-11)
    np.testing.assert_allclose(K, right.T @ right, atol=1e-11)


def test_the_normal_block_is_eliminated_and_comes_back():
    present = rng.random(ROWS) >= 0.2
    H, F, K, Z, D, y = problem(present, rng.normal(size=(1, ROWS)))
    precision, s = np.array([0.04, 0.04, 0.01, 0.01, 0.01, 0.01, 0.01]), 0.3
    L, W, G = np.zeros_like(H), np.empty_like(F), np.empty_like(K)
    ne.eliminate(H, F, K, precision, s, L, W, G)
    A, right = Z.T @ Z + s * np.diag(precision), np.column_stack([D, y])
    np.testing.assert_allclose(G, right.T @ right - right.T @ Z @ np.linalg.solve(A, Z.T @ right), atol=1e-10)
    theta, d = np.empty(7), np.array([0.0, 0.5, 0.0, -1.0])
    ne.back_substitute(L, W, 2, np.array([1, 3]), d, theta)
    np.testing.assert_allclose(theta, np.linalg.solve(A, Z.T @ (y - D @ d)), atol=1e-10)
