from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.replenishment.stock_out import by_each_day, exceeds, first_day, out_on_each_day


def test_agrees_with_the_gamma_distribution() -> None:
    mean, sd, level = np.array([12.0]), np.array([6.0]), np.array([20.0])
    expected = stats.gamma(a=4.0, scale=3.0).sf(20.0)
    assert exceeds(level, mean, sd)[0] == pytest.approx(expected)


def test_the_normal_short_cut_is_close_to_the_gamma() -> None:
    mean, sd = np.full(5, 3000.0), np.full(5, 200.0)
    level = np.array([2500.0, 2800.0, 3000.0, 3200.0, 3500.0])
    gamma = stats.gamma(a=225.0, scale=3000 / 225).sf(level)
    assert exceeds(level, mean, sd) == pytest.approx(gamma, abs=0.01)


def test_rare_sales_agree_with_poisson() -> None:
    # One unit left, 1.4 expected in two weeks: out when at least one is sold.
    mean = np.array([[1.4]])
    chance = out_on_each_day(np.array([1.0]), np.zeros((1, 1)), mean, np.sqrt(mean))
    assert chance[0, 0] == pytest.approx(stats.poisson(1.4).sf(0), abs=0.05)


def test_nothing_left_is_out_and_no_demand_never_is() -> None:
    total = np.array([[0.0, 0.0]])
    assert out_on_each_day(np.array([0.0]), np.zeros((1, 2)), total, total).tolist() == [[1.0, 1.0]]
    assert out_on_each_day(np.array([5.0]), np.zeros((1, 2)), total, total).tolist() == [[0.0, 0.0]]


def test_a_delivery_ends_being_out_but_not_having_been_out() -> None:
    total = np.cumsum(np.full((1, 4), 10.0), axis=1)
    out = out_on_each_day(np.array([5.0]), np.array([[0.0, 100.0, 0.0, 0.0]]), total, np.sqrt(total))
    assert out[0, 0] > 0.9
    assert out[0, 1] < 0.01
    assert by_each_day(out)[0, 3] > 0.9
    assert first_day(by_each_day(out), 0.5).tolist() == [1.0]


def test_first_day_is_unknown_when_it_lies_beyond_the_forecast() -> None:
    assert first_day(np.array([[0.1, 0.6, 0.9], [0.1, 0.2, 0.3]]), 0.5).tolist()[0] == 2.0
    assert np.isnan(first_day(np.array([[0.1, 0.2, 0.3]]), 0.5)).all()


@given(stock=st.integers(0, 500), more=st.integers(0, 200), daily=st.floats(0.05, 40), dispersion=st.floats(1, 8))
def test_more_stock_never_runs_out_sooner(stock: int, more: int, daily: float, dispersion: float) -> None:
    total = np.cumsum(np.full((1, 28), daily), axis=1)
    sd, none = np.sqrt(dispersion * total), np.zeros((1, 28))
    few = by_each_day(out_on_each_day(np.array([float(stock)]), none, total, sd))
    many = by_each_day(out_on_each_day(np.array([float(stock + more)]), none, total, sd))
    # The normal short cut may differ from the gamma by its 0.01.
    assert (many <= few + 0.011).all()
    assert ((few >= 0) & (few <= 1)).all()
    assert (np.diff(few, axis=1) >= 0).all()
