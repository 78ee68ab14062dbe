from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from models.replenishment.plan import least_spread, make_plan
from models.replenishment.policy import ReplenishmentPolicy
from pipelines.tables import tables

STOCK_COLUMNS = [
    "inventory_position", "days_of_cover", "p_stock_out_14", "p_stock_out_before_receipt", "stock_out_on", "order_qty",
    "order_by", "excess_units", "stock_value", "dead_stock", "money_at_risk", "event_gap", "lands_after_stock_out",
]  # fmt: skip


def test_the_plan_has_every_column_of_its_table(plan_one: Callable[..., pd.Series]) -> None:
    assert set(tables()["replenishment_plan"].columns) <= set(plan_one().index)


def test_unknown_stock_leaves_everything_about_stock_unknown(plan_one: Callable[..., pd.Series]) -> None:
    plan = plan_one(on_hand=None, event_start_day=5.0, event_end_day=6.0)
    for name in STOCK_COLUMNS:
        assert pd.isna(plan[name]), name
    assert plan["order_up_to"] > 0  # demand is known


def test_without_a_forecast_demand_is_unknown(plan_one: Callable[..., pd.Series]) -> None:
    plan = plan_one(mean=np.nan, sd=np.nan)
    for name in ("order_qty", "order_up_to", "days_of_cover", "p_stock_out_14", "forecast_28", "excess_units"):
        assert pd.isna(plan[name]), name
    assert plan["inventory_position"] == 900


def test_rare_sales_vary_at_least_like_counts() -> None:
    found = least_spread(np.array([[0.1, 100.0]]), np.array([[0.0, 35.0]]), 1.0)
    assert found.tolist() == [[pytest.approx(0.1**0.5), 35.0]]


@pytest.mark.scale
def test_fifty_thousand_products_take_seconds(policy: ReplenishmentPolicy, plan_one: Callable[..., pd.Series]) -> None:
    import sys

    product = sys.modules[plan_one.__module__].PRODUCT
    n = 50_000
    random = np.random.default_rng(1)
    products = pd.DataFrame(product, index=range(n)).assign(
        merchant_id=np.arange(n) // 27, on_hand=random.integers(0, 500, n).astype(float)
    )
    mean = np.repeat(random.lognormal(0, 1.5, (n, 1)), 28, axis=1)
    start = time.process_time()
    nothing, never = np.zeros((n, 28)), np.full((n, 1), np.nan)
    plan = make_plan(products, mean, np.sqrt(mean), nothing, never, date(2026, 10, 30), policy)
    assert time.process_time() - start < 10
    assert len(plan) == n
