from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.replenishment.demand import Demand


def flat(daily: float, sd: float, days: int = 4, correlation: float = 0.0) -> Demand:
    return Demand(np.full((1, days), daily), np.full((1, days), sd), correlation)


def test_sums_of_whole_and_broken_days() -> None:
    demand = Demand(np.array([[10.0, 20.0, 30.0]]), np.ones((1, 3)))
    assert demand.until(np.array([2.0])).tolist() == [30.0]
    assert demand.until(np.array([2.5])).tolist() == [45.0]
    assert demand.until(np.array([[0.0, 1.0, 3.0]])).tolist() == [[0.0, 10.0, 60.0]]


def test_behind_the_forecast_the_usual_day_goes_on_not_the_event() -> None:
    demand = Demand(np.array([[10.0, 10.0, 500.0, 10.0]]), np.ones((1, 4)))
    assert demand.until(np.array([6.0])).tolist() == [530.0 + 2 * 10.0]


def test_independent_days_add_their_variances() -> None:
    assert flat(100, 35).sd_until(np.array([4.0]))[0] == pytest.approx(35 * 2)


def test_fully_correlated_days_add_their_deviations() -> None:
    assert flat(100, 35, correlation=1.0).sd_until(np.array([4.0]))[0] == pytest.approx(35 * 4)


def test_days_covered_follow_the_path() -> None:
    demand = Demand(np.array([[10.0, 30.0, 10.0]]), np.ones((1, 3)))
    for stock, days in ((5.0, 0.5), (10.0, 1.0), (25.0, 1.5), (50.0, 3.0), (80.0, 6.0), (0.0, 0.0)):
        assert demand.days_covered(np.array([stock]), 365)[0] == pytest.approx(days), stock


def test_no_demand_is_covered_for_as_long_as_is_counted() -> None:
    assert flat(0, 0).days_covered(np.array([5.0]), 365).tolist() == [365]
    assert flat(0, 0).days_covered(np.array([0.0]), 365).tolist() == [0]


def test_a_block_without_products_demands_nothing() -> None:
    demand = Demand(np.empty((0, 3)), np.empty((0, 3)))
    assert demand.until(np.empty(0)).shape == (0,)
    assert demand.sd_until(np.empty((0, 2))).shape == (0, 2)
    assert demand.days_covered(np.empty(0), 365).shape == (0,)


def test_unknown_stays_unknown() -> None:
    unknown = flat(np.nan, np.nan)
    assert np.isnan(unknown.days_covered(np.array([5.0]), 365)).all()
    assert np.isnan(unknown.until(np.array([9.0]))).all()
    assert np.isnan(flat(10, 1).days_covered(np.array([np.nan]), 365)).all()


@given(daily=st.lists(st.floats(0.01, 1000), min_size=3, max_size=10), stock=st.floats(0.01, 1e5))
def test_what_is_demanded_until_the_cover_ends_is_the_stock(daily: list[float], stock: float) -> None:
    demand = Demand(np.array([daily]), np.ones((1, len(daily))))
    days = demand.days_covered(np.array([stock]), 1e12)
    assert demand.until(days)[0] == pytest.approx(stock, rel=1e-6)


@given(earlier=st.floats(0, 60), later=st.floats(0, 60), correlation=st.floats(0, 1))
def test_longer_intervals_never_demand_or_vary_less(earlier: float, later: float, correlation: float) -> None:
    demand = flat(5, 2, 28, correlation)
    first, second = np.array([min(earlier, later)]), np.array([max(earlier, later)])
    assert demand.until(second)[0] >= demand.until(first)[0]
    assert demand.sd_until(second)[0] >= demand.sd_until(first)[0] - 1e-9
