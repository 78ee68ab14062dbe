"""Levels by hand, and shrinkage towards the shop."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.forecasting.policy import ProductPolicy
from models.forecasting.products.factors import fit_factors, neutral
from models.forecasting.products.level import (
    Sums,
    availability,
    category_drift,
    daily,
    long_level,
    rate_shape,
    recent_level,
    shop_mean,
    weighted,
)

POLICY = ProductPolicy()


def test_newer_days_weigh_more() -> None:
    units, promised = np.array([[8.0, 2.0, 9.0]]), np.ones((1, 3))
    found = weighted(units, promised, 2, 1.0)  # the third day is not known yet
    assert found.sold.tolist() == [6.0]
    assert found.promised.tolist() == [1.5]


def test_a_product_without_a_past_is_its_shops_mean_product(platform) -> None:
    panel = platform.panel.rows(slice(0, 3))
    sums = Sums(np.array([40.0, 20.0, 0.0]), np.array([10.0, 10.0, 0.0]))
    assert_allclose(shop_mean(panel, sums), 3.0)
    found = long_level(panel, sums, 1.0, 1.0)
    assert_allclose(found, [41 / (10 + 1 / 3), 21 / (10 + 1 / 3), 3.0])


def test_the_recent_level_by_hand() -> None:
    found = recent_level(Sums(np.array([6.0]), np.array([2.0])), np.array([1.0]), np.array([1.5]), 2.0)
    assert found.tolist() == [(6 + 2 * 1.5) / 4]


def test_the_law_of_levels_is_found(simulated) -> None:
    made = simulated(300, seed=2)
    factors = fit_factors(made.panel, 2, POLICY)
    units, promised = daily(made.panel, factors)
    shape = rate_shape(made.panel, Sums(units.sum(axis=1), promised.sum(axis=1)), 1.0)
    assert shape == pytest.approx(2.0, rel=0.3)


def test_a_category_that_moved_against_the_others() -> None:
    category, long = np.array([0, 0, 1, 1]), np.ones(4)
    recent = Sums(np.array([900.0, 900.0, 300.0, 300.0]), np.full(4, 600.0))
    assert_allclose(category_drift(category, 2, recent, long, 0.01), [1.5, 0.5, 1.0], rtol=0.01)
    # What moves all products alike is the shop's to know.
    alike = Sums(np.full(4, 900.0), np.full(4, 600.0))
    assert_allclose(category_drift(category, 2, alike, long, 1.0), 1.0, rtol=0.01)


def test_availability_is_what_was_served_lately(platform) -> None:
    factors = neutral(2, platform.panel.history)
    found = availability(platform.panel, factors, POLICY)
    assert found.mean() == pytest.approx(1 - 0.2 * 0.5, abs=0.06)  # one day in five lost half, some of it forgotten
    assert (found <= 1).all()
