"""Factors behind simulated products are found again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.forecasting.policy import ProductPolicy
from models.forecasting.products.factors import fit_factors, neutral
from models.forecasting.products.panel import depth_code, price_code
from tests.models.forecasting.products.conftest import WEEK

POLICY = ProductPolicy()


@pytest.fixture(scope="module")
def found(platform):
    return fit_factors(platform.panel, 2, POLICY)


def test_weekdays_of_each_category_against_the_day_of_the_platform(found) -> None:
    ratio = found.weekday[1] / found.weekday[0]
    assert_allclose(ratio / ratio.mean(), WEEK[1] / WEEK[1].mean(), rtol=0.12)


def test_promotions_and_hours_without_stock(found) -> None:
    fifth = int(depth_code(np.array([0.2]))[0])
    assert_allclose(found.promotion[:, fifth], 1.5, rtol=0.08)
    assert_allclose(found.promotion[:, 0], 1.0)
    # Half a day without stock sold four fifths of it, whatever the clock says.
    assert_allclose(found.relative[:, 8], 0.8, rtol=0.06)


def test_a_price_above_the_usual_sells_less(platform) -> None:
    panel, random = platform.panel, np.random.default_rng(9)
    relative = np.where(random.random(panel.promotion.shape) < 0.2, np.log(1.25), np.nan)
    dear = np.isfinite(relative)
    sold = random.binomial(panel.units.astype(int), np.where(dear, 0.7, 1.0)[:, : panel.history]).astype(float)
    told = dataclasses.replace(panel, units=sold, price=price_code(relative))
    found = fit_factors(told, 2, POLICY)
    code = int(price_code(np.array([np.log(1.25)]))[0])
    assert_allclose(found.price[:, code], 0.7, rtol=0.06)
    assert_allclose(np.delete(found.price, code, axis=1), 1.0)
    ahead = found.ahead(told) / fit_factors(panel, 2, POLICY).ahead(panel)
    assert ahead[dear[:, panel.history :]].mean() < 0.75 * ahead[~dear[:, panel.history :]].mean()


def test_prices_that_are_never_told_change_nothing(platform) -> None:
    usual = dataclasses.replace(platform.panel, price=np.zeros_like(platform.panel.promotion))
    one, other = (fit_factors(panel, 2, POLICY) for panel in (platform.panel, usual))
    for name in ("weekday", "promotion", "relative", "day"):
        assert_allclose(getattr(other, name), getattr(one, name), rtol=1e-9)


def test_a_category_nobody_saw_is_the_platform(platform) -> None:
    found = fit_factors(platform.panel, 3, POLICY)
    assert_allclose(found.promotion[2], found.promotion[-1])
    assert_allclose(found.relative[2], found.relative[-1])


def test_without_a_sale_nothing_is_learned(platform) -> None:
    silent = dataclasses.replace(platform.panel, units=np.zeros_like(platform.panel.units))
    found, start = fit_factors(silent, 2, POLICY), neutral(2, silent.history)
    assert_allclose(found.relative, start.relative)
    assert_allclose(found.promotion, 1.0)
    assert found.relative[0, [0, 8, 16]].tolist() == [1.0, 0.5, 0.0]
