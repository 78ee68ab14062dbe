"""Products add up to their shop, know their promotions, and recover what was not served."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from models.forecasting.counts import count_quantiles
from models.forecasting.policy import ProductPolicy
from models.forecasting.products.learn import learn_products
from models.forecasting.products.panel import out_code
from models.forecasting.products.predict import forecast_products, last_weeks, weekly_cv
from tests.models.forecasting.products.conftest import AHEAD, HISTORY, Simulated

POLICY = ProductPolicy()


@pytest.fixture(scope="module")
def made(platform: Simulated):
    learned = learn_products(platform.panel, 2, POLICY, whole=True)
    shop = np.zeros((platform.panel.shops, AHEAD))
    np.add.at(shop, platform.panel.shop, platform.mean[:, HISTORY:])
    return learned, shop, forecast_products(platform.panel, learned, shop * 0.95, np.full(shop.shape, 0.05))


def test_sales_add_up_to_the_shop(platform, made) -> None:
    _, shop, found = made
    total = np.zeros_like(shop)
    np.add.at(total, platform.panel.shop, found.sales)
    assert_allclose(total, shop * 0.95)
    assert (found.mean >= found.sales).all()


def test_the_mean_is_that_of_a_day_in_stock(platform, made) -> None:
    _, _, found = made
    truth = platform.mean[:, HISTORY:]
    assert found.mean.sum() == pytest.approx(truth.sum(), rel=0.03)
    assert np.abs(found.mean - truth).sum() / truth.sum() < 0.2


def test_a_planned_promotion_is_expected(platform, made) -> None:
    _, _, found = made
    promoted = platform.panel.promotion[:, HISTORY:] > 0
    assert found.mean[promoted].sum() == pytest.approx(platform.mean[:, HISTORY:][promoted].sum(), rel=0.06)


def test_quantiles_hold_what_they_promise(platform, made) -> None:
    learned, _, found = made
    quantiles = count_quantiles(found.mean, found.dispersion, learned.unit, True)
    actual, large = platform.demand[:, HISTORY:], found.mean > 5
    assert (actual <= quantiles["q90"])[large].mean() == pytest.approx(0.9, abs=0.035)
    assert (actual < quantiles["q10"])[large].mean() == pytest.approx(0.08, abs=0.04)


def test_demand_that_was_not_served_is_recovered(platform, made) -> None:
    _, _, found = made
    sold, wanted = platform.panel.units[:, -28:].sum(), platform.demand[:, HISTORY - 28 : HISTORY].sum()
    assert sold < 0.975 * wanted
    assert found.demand_28.sum() == pytest.approx(wanted, rel=0.012)


def test_other_shops_change_nothing(platform, made) -> None:
    learned, shop, whole = made
    part = forecast_products(platform.panel.rows(slice(100, 200)), learned, shop * 0.95, np.full(shop.shape, 0.05))
    for name in ("mean", "sales", "dispersion", "demand_28", "weekly_cv"):
        assert_allclose(getattr(part, name), getattr(whole, name)[100:200], rtol=1e-9)


def test_a_shop_without_a_forecast_has_none_of_its_products(platform, made) -> None:
    learned, shop, _ = made
    unknown = shop.copy()
    unknown[0] = np.nan
    found = forecast_products(platform.panel, learned, unknown, np.zeros_like(shop))
    assert np.isnan(found.mean[platform.panel.shop == 0]).all()
    assert np.isfinite(found.mean[platform.panel.shop == 1]).all()


def test_weeks_without_stock_are_no_weeks_without_demand(platform, made) -> None:
    learned, shop, _ = made
    panel = platform.panel.rows(slice(0, 10))
    units, out = panel.units.copy(), panel.out.copy()
    units[0, 28:42], out[0, 28:42] = 0.0, out_code(np.array([1.0]))[0]
    gone = type(panel)(panel.shop, panel.shops, panel.category, panel.first_day, units, out, panel.promotion)
    found = forecast_products(gone, learned, shop, np.zeros_like(shop))
    raw = units[0].reshape(8, 7).sum(axis=1)
    assert found.weekly_cv[0] < 0.6 * raw.std() / raw.mean()


def test_weeks_by_hand() -> None:
    demand = np.array([np.repeat([1.0, 3.0, 1.0, 3.0], 7), np.full(28, np.nan), np.r_[np.full(27, np.nan), 2.0]])
    assert_allclose(weekly_cv(demand), [0.5, np.nan, np.nan])
    assert_allclose(last_weeks(demand), [56.0, np.nan, 56.0])
