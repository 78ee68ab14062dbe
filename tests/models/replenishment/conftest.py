"""The shipped policy, and products that a test changes one column of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from models.replenishment.plan import make_plan
from models.replenishment.policy import ReplenishmentPolicy

SHIPPED = Path(__file__).parents[3] / "data" / "policy" / "replenishment.yaml"
PRODUCT: dict[str, Any] = {
    "merchant_id": "m1", "sku_id": "s1", "sku_name": "Set", "on_hand": 900.0, "reserved": 0.0, "unit_cost": 20.0,
    "unit_price": 50.0, "listed_days": 400.0, "days_since_sale": 0.0, "value": 100.0, "weekly_cv": 0.3,
    "lead_time_days": 6.0, "lead_time_sd_days": 1.5, "review_period_days": 7.0, "order_multiple": 1.0,
    "min_order_qty": 1.0, "max_cover_days": 90.0, "shelf_life_days": np.nan, "next_receipt_day": np.nan,
    "inbound_late_days": np.nan, "inbound_late_units": np.nan, "inbound_later": np.nan,
    "hours_out": np.nan, "inbound_known": True, "event_id": None, "event_start_day": np.nan, "event_end_day": np.nan,
}  # fmt: skip


@pytest.fixture(scope="session")
def policy() -> ReplenishmentPolicy:
    return ReplenishmentPolicy.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


@pytest.fixture
def plan_one(policy: ReplenishmentPolicy) -> Callable[..., pd.Series]:
    """Return a function that plans one product with a demand of 120 +- 35 a day, columns replaced by name."""

    def plan(
        mean: float = 120.0, sd: float = 35.0, receipts: dict[int, float] | None = None, days: int = 28,
        arrivals: tuple[float, ...] = (), **columns: Any,
    ) -> pd.Series:  # fmt: skip
        arriving = np.zeros((1, days))
        for day, units in (receipts or {}).items():
            arriving[0, day - 1] = units
        next_day = min(receipts) if receipts else np.nan
        products = pd.DataFrame([{**PRODUCT, "next_receipt_day": next_day, **columns}])
        exact = policy.model_copy(update={"error_correlation": 0.0, "service_levels": {
            value: dict.fromkeys("XYZ", 0.95) for value in "ABC"
        }})  # fmt: skip
        matrices = np.full((1, days), mean), np.full((1, days), sd)
        may_come = np.array([arrivals or (next_day,)], dtype=np.float64)
        return make_plan(products, *matrices, arriving, may_come, date(2026, 10, 30), exact).iloc[0]

    return plan
