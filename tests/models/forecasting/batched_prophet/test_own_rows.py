import numpy as np
import pytest

from models.forecasting.batched_prophet.careful import solve_carefully
from models.forecasting.batched_prophet.normal_equations import window_of
from models.forecasting.batched_prophet.own_rows import solve_own_rows
from models.forecasting.batched_prophet.whitening import hinge_columns

rng = np.random.default_rng(1)
ROWS, SERIES = 160, 6


@pytest.mark.parametrize("own", [0, 2])
@pytest.mark.parametrize("missing", [0.0, 0.2, 0.8])
def test_all_at_once_is_each_alone(own, missing):
    window = window_of(rng.normal(size=(ROWS, 3)), np.full(3, 10.0), 5.0)
    present = rng.random((SERIES, ROWS)) >= missing
    present[:, [0, -1]] = True
    counts = np.array([25, 25, 3, 10, 25, 1])
    places = np.sort(rng.choice(np.arange(1, 125), (SERIES, 25), replace=True), axis=1)
    extra = rng.normal(0, 0.2, (SERIES, own + 1, ROWS)) + 0.3
    extra[:, -1] += np.cumsum(rng.normal(0, 0.02, (SERIES, ROWS)), axis=1)
    extra = np.where(present[:, None], extra, 0.0)
    solved = solve_own_rows(extra, present, places, counts, window, 10.0, 0.05, 4.0)
    for i in range(SERIES):
        Z = np.column_stack([window.columns, extra[i, :-1].T])[present[i]]
        D = hinge_columns(window.columns[present[i], 0], places[i, : counts[i]] / (ROWS - 1))
        scales = np.append(window.scales, np.full(own, 10.0))
        theta, delta, variance = solve_carefully(extra[i, -1][present[i]], Z, scales, D, 0.05, 4.0)
        assert solved.variance[i] == pytest.approx(variance, rel=1e-9)
        mine = Z @ solved.theta[i] + D @ solved.delta[i, : counts[i]]
        np.testing.assert_allclose(mine, Z @ theta + D @ delta, atol=1e-9)
        assert not solved.delta[i, counts[i] :].any()
