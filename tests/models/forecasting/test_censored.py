"""Recovered demand: bounds by hand, and on simulated days whose true demand is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecasting.censored import recovered, served_share

SIZES = st.floats(0, 1e4)


def one(units: float, served: float, expected: float, weight: float = 2.0, most: float = 3.0) -> float:
    return float(recovered(*(np.array([value]) for value in (units, served, expected, weight)), most)[0])


def test_a_day_in_stock_asked_for_what_it_sold() -> None:
    assert one(7.0, 1.0, 3.0) == 7.0


def test_a_day_without_stock_asked_for_an_ordinary_day() -> None:
    assert one(0.0, 0.0, 3.0) == 3.0


def test_half_a_day_by_hand() -> None:
    # Rate of the day: (2 + 4) / (2 / 3 + 0.5) = 36 / 7; half of it was not served.
    assert one(4.0, 0.5, 3.0, most=100.0) == pytest.approx(4.0 + 18.0 / 7.0)


def test_days_that_vary_much_are_trusted_for_themselves() -> None:
    assert one(4.0, 0.5, 3.0, weight=1e-9) == pytest.approx(8.0)
    assert one(4.0, 0.5, 3.0, weight=1e9) == pytest.approx(4.0 + 1.5)


def test_the_correction_is_bounded() -> None:
    assert one(10.0, 0.05, 3.0, weight=1e-9, most=3.0) == 30.0


def test_unknown_stays_unknown_and_a_product_that_never_sells_recovers_nothing() -> None:
    assert np.isnan(one(np.nan, 0.5, 3.0))
    assert one(0.0, 0.2, 0.0) == 0.0


@given(SIZES, st.floats(0, 1), SIZES, st.floats(1e-3, 1e3))
def test_never_below_sales_nor_above_the_bound(units: float, served: float, expected: float, weight: float) -> None:
    found = one(units, served, expected, weight)
    assert units <= found <= max(3.0 * max(units, expected), units) * (1 + 1e-12)


def test_the_served_share_falls_from_one_and_is_at_least_the_time_in_stock() -> None:
    found = served_share(np.array([[1.0, 1.2, 0.8, 0.9, 0.0], [1.0, 0.1, 0.1, 0.1, 0.1]]), np.ones((2, 5)))
    np.testing.assert_allclose(found, [[1.0, 1.0, 0.85, 0.85, 0.0], [1.0, 0.75, 0.5, 0.25, 0.1]])


def test_a_share_that_nobody_has_seen_follows_its_neighbours() -> None:
    found = served_share(np.array([1.0, 0.75, 0.9, 0.25, 0.0]), np.array([9.0, 0.0, 50.0, 0.0, 0.0]))
    np.testing.assert_allclose(found, [1.0, 0.9, 0.9, 0.25, 0.0], atol=1e-6)


@pytest.mark.parametrize("dispersion", [0.1, 0.5])
def test_demand_of_days_that_sell_out_is_recovered_on_simulated_truth(dispersion: float) -> None:
    random = np.random.default_rng(5)
    expected, days, parts = 6.0, 20_000, 48
    rate = random.gamma(1 / dispersion, dispersion * expected, days)
    demand = random.poisson(rate[:, None] / parts, (days, parts))
    stock = random.integers(2, 12, days)
    running = demand.cumsum(axis=1)
    open_parts = (running < stock[:, None]).sum(axis=1) + 1  # the part in which the last unit goes is still open
    sold, truth = np.minimum(running[:, -1], stock), running[:, -1]
    served = np.minimum(open_parts / parts, 1.0)
    found = recovered(
        sold.astype(float), served, np.full(days, expected), np.full(days, 1 / dispersion), 5.0
    )  # fmt: skip
    assert sold.mean() < 0.85 * truth.mean()
    assert found.mean() == pytest.approx(truth.mean(), rel=0.04)
    assert np.abs(found - truth).mean() < 0.65 * np.abs(sold - truth).mean()
