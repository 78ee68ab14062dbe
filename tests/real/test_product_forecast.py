"""Forecast of single products on public store-days (FreshRetailNet-50K, CC BY 4.0), 7 days ahead, stock-outs known.

Everything was chosen on the four origins before the newest one, which is only reported;
`pytest -m real -s tests/real/test_product_forecast.py` prints what was reached. `sales` is held against what was sold
on all days, `mean` (a day in stock) and its quantiles against days without an hour out of stock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models.calendar.groups import build_day_groups
from models.forecasting.calibration import QUANTILE_NAMES
from models.forecasting.counts import LEVELS, count_quantiles
from models.forecasting.factors import DayLabels
from models.forecasting.learn import learn
from models.forecasting.learned import Setting
from models.forecasting.panel import Panel, month_days, weekdays
from models.forecasting.policy import ForecastPolicy
from models.forecasting.predict import forecast_days
from models.forecasting.products.learn import learn_products
from models.forecasting.products.panel import ProductPanel, depth_code, out_code
from models.forecasting.products.predict import forecast_products
from tests.real.test_forecast_accuracy import FRESH

POLICY = ForecastPolicy()
DAYS, AHEAD, OPEN_HOURS = 90, 7, 16
NEWEST, EARLIER = 83, (55, 62, 69, 76)  # known days before an origin; 83 is 2024-06-18

pytestmark = pytest.mark.real


@dataclass(frozen=True)
class Fresh:
    """The set as matrices (series, days), and the place of each series' store and category."""

    first_day: date
    store: np.ndarray
    category: np.ndarray
    units: np.ndarray
    out: np.ndarray
    depth: np.ndarray
    holiday: np.ndarray


@pytest.fixture(scope="module")
def fresh() -> Fresh:
    if not FRESH.exists():
        pytest.skip(f"{FRESH} is not here; the docs say where it is downloaded")
    rows = pd.read_parquet(FRESH).sort_values(["store_id", "product_id", "dt"])

    def matrix(name: str) -> np.ndarray:
        return rows[name].to_numpy(dtype=float).reshape(-1, DAYS)

    def place(name: str) -> np.ndarray:
        return np.unique(matrix(name)[:, 0], return_inverse=True)[1]

    discount, activity = matrix("discount"), matrix("activity_flag")
    depth = np.where(discount < 1, np.round(1 - discount, 3), np.where(activity == 1, 0.05, 0.0))
    return Fresh(
        pd.Timestamp(rows["dt"].min()).date(), place("store_id"), place("third_category_id"),
        matrix("sale_amount").round(1), matrix("stock_hour6_22_cnt") / OPEN_HOURS, depth,
        matrix("holiday_flag") > 0,
    )  # fmt: skip


def by_store(fresh: Fresh, values: np.ndarray) -> np.ndarray:
    total = np.zeros((fresh.store.max() + 1, values.shape[1]))
    np.add.at(total, fresh.store, values)
    return total


def store_forecast(fresh: Fresh, history: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and relative spread of each store's units ahead, as the forecast of volumes makes them."""
    days = history + AHEAD
    number = by_store(fresh, np.ones_like(fresh.units))
    sold_out = by_store(fresh, fresh.out) / number > POLICY.history.out_of_stock_share
    values = np.where(sold_out, np.nan, by_store(fresh, fresh.units))[:, :history]
    promoted = (by_store(fresh, fresh.depth) / number >= POLICY.factors.promotion_least)[:, :days]
    stores = len(values)
    panel = Panel(
        np.arange(stores).astype(str).astype(object), np.zeros(stores, np.int32), fresh.first_day, {"units": values},
        np.ones((stores, days), bool), promoted, np.broadcast_to(fresh.holiday[0, :days], (stores, days)),
    )  # fmt: skip
    groups = build_day_groups([], [("", "")], fresh.first_day, days)
    labels = DayLabels(weekdays(fresh.first_day, days), month_days(fresh.first_day, days), groups, np.zeros(days))
    learned = learn(lambda: [panel], Setting(labels, history, POLICY, {}, fresh.first_day), ["units"])["units"]
    made = forecast_days(learned.made(panel, AHEAD), learned.calibration(history), POLICY, False)
    low, high = (made.quantiles[QUANTILE_NAMES.index(name)] for name in ("q10", "q90"))
    return made.mean, (high - low) / 2.5631031 / made.mean


def measured(fresh: Fresh, history: int) -> dict[str, float]:
    """Errors, bias and coverage of the seven days after an origin."""
    first, policy = history - POLICY.products.share_days, POLICY.products
    first = max(first, 0)
    known, ahead = slice(first, history), slice(history, history + AHEAD)
    panel = ProductPanel(
        fresh.store, int(fresh.store.max()) + 1, fresh.category, fresh.first_day + timedelta(days=first),
        fresh.units[:, known], out_code(fresh.out[:, known]), depth_code(fresh.depth[:, first : history + AHEAD]),
    )  # fmt: skip
    learned = learn_products(panel, int(fresh.category.max()) + 1, policy, whole=False)
    made = forecast_products(panel, learned, *store_forecast(fresh, history))
    actual, in_stock = fresh.units[:, ahead], fresh.out[:, ahead] == 0
    quantiles = count_quantiles(made.mean, made.dispersion, learned.unit, whole=False)
    mean28 = np.repeat(fresh.units[:, history - 28 : history].mean(axis=1)[:, None], AHEAD, axis=1)
    figures = {
        "wape": wape(made.sales, actual),
        "wape_naive": wape(fresh.units[:, history - 7 : history], actual),
        "wape_mean28": wape(mean28, actual),
        "wape_in_stock": wape(made.mean[in_stock], actual[in_stock]),
        "bias": made.sales.sum() / actual.sum() - 1,
        "bias_in_stock": made.mean[in_stock].sum() / actual[in_stock].sum() - 1,
    }
    figures |= {f"below_{name}": (actual <= quantiles[name] + 1e-9)[in_stock].mean() for name in LEVELS}
    return {name: round(float(value), 3) for name, value in figures.items()}


def wape(made: np.ndarray, actual: np.ndarray) -> float:
    return float(np.abs(made - actual).sum() / actual.sum())


def test_products_seven_days_ahead(fresh: Fresh) -> None:
    found = {origin: measured(fresh, origin) for origin in (*EARLIER, NEWEST)}
    for origin, figures in found.items():
        print(f"\n{fresh.first_day + timedelta(days=origin - 1)}: {figures}")
    for figures in found.values():
        assert figures["wape"] < min(0.36, 0.95 * figures["wape_mean28"], 0.9 * figures["wape_naive"])
    # All stores sold a tenth more in the newest week than their pasts say, so its own bias is that of the stores.
    assert abs(np.mean([figures["bias_in_stock"] for figures in found.values()])) < 0.03
    for name, level in LEVELS.items():
        assert abs(np.mean([found[origin][f"below_{name}"] for origin in EARLIER]) - level) < 0.04


def test_half_of_the_products_in_any_order_are_forecast_alike(fresh: Fresh) -> None:
    """Figures of a store do not depend on which other stores are forecast with it."""
    history, stores = NEWEST, int(fresh.store.max()) + 1
    known = slice(history - POLICY.products.share_days, history)
    panel = ProductPanel(
        fresh.store, stores, fresh.category, fresh.first_day + timedelta(days=known.start), fresh.units[:, known],
        out_code(fresh.out[:, known]), depth_code(fresh.depth[:, known.start : history + AHEAD]),
    )  # fmt: skip
    learned = learn_products(panel, int(fresh.category.max()) + 1, POLICY.products, whole=False)
    mean, spread = np.full((stores, AHEAD), 50.0), np.full((stores, AHEAD), 0.1)
    whole = forecast_products(panel, learned, mean, spread)
    half = fresh.store % 2 == 1
    part = forecast_products(panel.rows(half), learned, mean, spread)
    np.testing.assert_allclose(part.mean, whole.mean[half], rtol=1e-9)
    np.testing.assert_allclose(part.dispersion, whole.dispersion[half], rtol=1e-9)
