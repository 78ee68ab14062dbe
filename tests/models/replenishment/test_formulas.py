"""Textbook formulas against published check values, and properties of orders."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.replenishment.formulas import newsvendor, order_quantity, safety_stock

Z_95 = 0.95


def test_check_values_of_continuous_review() -> None:
    # d = 120, sd = 35, L = 6, sL = 1.5, 95 %
    safety = safety_stock(Z_95, 120, 35 * math.sqrt(6), 1.5)
    assert safety == pytest.approx(327.94, abs=0.005)
    assert 120 * 6 + safety == pytest.approx(1047.94, abs=0.005)


def test_check_values_of_periodic_review() -> None:
    # the same with a review period of 7 days
    safety = safety_stock(Z_95, 120, 35 * math.sqrt(6 + 7), 1.5)
    assert safety == pytest.approx(361.59, abs=0.005)
    assert 120 * 13 + safety == pytest.approx(1921.59, abs=0.005)


def test_check_value_of_the_newsvendor() -> None:
    assert newsvendor(120, 10, 2, 18) == pytest.approx(132.8155, abs=0.00005)
    assert newsvendor(120, 10, 2, 18) == pytest.approx(stats.norm(120, 10).ppf(0.9))


def test_a_service_level_below_one_half_needs_no_safety_stock() -> None:
    assert safety_stock(0.4, 120, 35, 1.5) == 0


@given(
    level=st.floats(0.5, 0.999),
    more=st.floats(0, 0.0009),
    rate=st.floats(0, 1e4),
    spread=st.floats(0, 1e4),
    lead_sd=st.floats(0, 30),
)
def test_more_doubt_or_a_higher_level_never_needs_less(
    level: float, more: float, rate: float, spread: float, lead_sd: float
) -> None:
    safety = float(safety_stock(level, rate, spread, lead_sd))
    assert safety_stock(level + more, rate, spread, lead_sd) >= safety
    assert safety_stock(level, rate, spread * 1.1, lead_sd) >= safety
    assert safety_stock(level, rate, spread, lead_sd * 1.1) >= safety


@pytest.mark.parametrize(
    ("needed", "multiple", "minimum", "most", "expected"),
    [
        (0, 12, 10, 100, 0),  # nothing needed
        (-5, 12, 10, 100, 0),
        (5, 12, 10, 100, 12),  # the minimum, in whole cases
        (13, 12, 10, 100, 24),
        (100, 12, 10, 50, 48),  # maximum cover, in whole cases
        (5, 12, 60, 50, 0),  # the smallest order is already too much
        (0.3, 0.1, 0, 10, 0.3),  # weighed goods: 3 cases of 0.1, not 4
    ],
)
def test_orders_that_a_supplier_takes(
    needed: float, multiple: float, minimum: float, most: float, expected: float
) -> None:
    assert order_quantity(needed, multiple, minimum, most) == pytest.approx(expected)


def test_an_unknown_need_gives_an_unknown_order() -> None:
    assert np.isnan(order_quantity(math.nan, 1, 1, 10))
    assert np.isnan(order_quantity(5, 1, 1, math.nan))


@given(
    needed=st.floats(-1e5, 1e5),
    multiple=st.integers(1, 500),
    minimum=st.integers(0, 5000),
    most=st.floats(-1e5, 1e6),
)
def test_an_order_is_none_or_whole_cases_between_minimum_and_maximum(
    needed: float, multiple: int, minimum: int, most: float
) -> None:
    quantity = float(order_quantity(needed, multiple, minimum, most))
    assert quantity >= 0
    if needed <= 0:
        assert quantity == 0
    if quantity > 0:
        assert quantity % multiple == 0
        assert minimum <= quantity <= most + 1e-6
        assert quantity < max(needed, minimum) + multiple + 1e-6


@given(needed=st.floats(0, 1e5), more=st.floats(0, 1e4), multiple=st.integers(1, 100), minimum=st.integers(0, 100))
def test_needing_more_never_orders_less(needed: float, more: float, multiple: int, minimum: int) -> None:
    assert order_quantity(needed + more, multiple, minimum, 1e9) >= order_quantity(needed, multiple, minimum, 1e9)
