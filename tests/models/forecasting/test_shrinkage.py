"""Shrinkage: little information stays at the parent, much goes to the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecasting.shrinkage import shrink_weight, shrunk_log_ratio


def one(sold: float, promised: float, sd: float = 0.5, day_sd: float = 0.01) -> float:
    return float(shrunk_log_ratio(np.array([sold]), np.array([promised]), np.array([0]), np.zeros(1), sd, day_sd)[0])


def test_much_information_speaks_for_itself() -> None:
    assert one(2e6, 1e6) == pytest.approx(np.log(2), abs=1e-3)


def test_worked_number() -> None:
    # Information of one cell: 1 / (0.1^2 + 1 / 100) = 50; prior 1 / 0.5^2 = 4; weight 50 / 54.
    expected = 50 / 54 * np.log(200.5 / 100.5)
    assert one(200.0, 100.0, sd=0.5, day_sd=0.1) == pytest.approx(expected)


def test_no_information_stays_at_the_parent() -> None:
    result = shrunk_log_ratio(np.zeros(1), np.zeros(1), np.array([0]), np.array([0.7, -0.2]), 0.5, 0.1)
    assert result.tolist() == [0.7, -0.2]


def test_cells_without_a_code_are_left_out() -> None:
    result = shrunk_log_ratio(np.array([5.0, 900.0]), np.array([5.0, 9.0]), np.array([0, -1]), np.zeros(1), 1.0, 0.1)
    assert abs(result[0]) < 0.1


@given(st.floats(0, 1e5), st.floats(1e-3, 1e5), st.floats(0.05, 2))
def test_the_estimate_lies_between_parent_and_data(sold: float, promised: float, sd: float) -> None:
    raw = np.log((sold + 0.5) / (promised + 0.5))
    low, high = sorted((0.0, raw))
    assert low - 1e-9 <= one(sold, promised, sd) <= high + 1e-9


def test_weight_falls_with_variance() -> None:
    assert shrink_weight(np.array([0.0, 0.04, np.inf]), 0.2).tolist() == pytest.approx([1.0, 0.5, 0.0])
