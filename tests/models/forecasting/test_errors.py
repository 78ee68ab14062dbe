"""Error measures on worked numbers."""

from __future__ import annotations

import numpy as np
import pytest

from models.forecasting.errors import ErrorSums, by_label, error_sums, pinball_loss

ACTUAL = np.array([[10.0, 20.0, 0.0, np.nan]])
MEAN = np.array([[12.0, 15.0, 1.0, 99.0]])
SCALE = np.array([4.0])


def quantiles(*values: float) -> np.ndarray:
    return np.broadcast_to(np.array(values)[:, None, None], (7, 1, 4))


def test_worked_numbers() -> None:
    measures = error_sums(ACTUAL, MEAN, quantiles(0, 5, 8, 11, 14, 18, 25), SCALE).measures()
    assert measures["wape"][0] == pytest.approx((2 + 5 + 1) / 30)
    assert measures["bias"][0] == pytest.approx((2 - 5 + 1) / 30)
    assert measures["rmspe"][0] == pytest.approx(np.sqrt((0.2**2 + 0.25**2) / 2))  # the day of 0 has no percentage
    assert measures["mase"][0] == pytest.approx(8 / 12)
    assert measures["coverage_80"][0] == pytest.approx(1 / 3)  # 10 lies in [5, 18]; 20 and 0 do not
    assert measures["coverage_95"][0] == pytest.approx(1.0)


def test_pinball_of_one_day() -> None:
    # Actual 10 against quantiles all at 8: errors of 2 weighted by the levels, whose mean is 1/2.
    assert pinball_loss(np.array([[10.0]]), np.full((7, 1, 1), 8.0))[0, 0] == pytest.approx(2 * 0.5)


def test_a_point_forecast_has_pinball_and_no_coverage() -> None:
    measures = error_sums(ACTUAL, MEAN, None, SCALE).measures()
    assert measures["pinball"][0] == pytest.approx(0.5 * 8 / 3)
    assert np.isnan(measures["coverage_80"][0])


def test_nothing_known_gives_no_number_instead_of_an_error() -> None:
    measures = error_sums(np.full((1, 3), np.nan), np.ones((1, 3)), None, np.array([np.nan])).measures()
    assert all(np.isnan(value[0]) for value in measures.values())


def test_sums_add_up_by_label() -> None:
    sums = error_sums(np.ones((3, 2)), np.array([[2.0, 2], [3, 3], [1, 1]]), None, np.ones(3))
    total = by_label(sums, np.array([0, 1, 0]), 2)
    assert total.absolute.tolist() == [2.0, 4.0]
    other = ErrorSums.empty((2,))
    other.add(total)
    other.add(total)
    assert other.pairs.tolist() == [8.0, 4.0]
