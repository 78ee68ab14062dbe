"""The replenishment step on a small lake: what the views hold reaches the plan, and nothing from the future does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.day import Day
from pipelines.defs.navigation.replenishment import (
    arrival_matrix,
    forecast_matrices,
    receipt_matrix,
    replenishment_plan,
)

AS_OF = date(2026, 10, 30)


def sku_forecast_rows(merchant_id: str, sku_id: str, daily: float, days: int = 28) -> list[dict[str, Any]]:
    """A flat forecast with a Poisson-like spread."""
    spread = 1.2815515 * daily**0.5
    return [
        {
            "merchant_id": merchant_id, "sku_id": sku_id, "target_date": AS_OF + timedelta(days=ahead),
            "mean": daily, "q10": daily - spread, "q50": daily, "q80": daily, "q90": daily + spread,
        }
        for ahead in range(1, days + 1)
    ]  # fmt: skip


@pytest.fixture
def shop(deliver: Callable, write_mart: Callable, write_made: Callable) -> None:
    known = AS_OF - timedelta(days=1)
    deliver("merchants", known, {"merchant_id": "m1", "category": "bedding", "region": "east", "status": "open"})
    deliver(
        "products", known,
        {"merchant_id": "m1", "sku_id": "a", "sku_name": "Set", "status": "listed", "listed_on": date(2025, 1, 1),
         "unit_price": 50, "unit_cost": 20, "lead_time_days": 9, "lead_time_sd_days": 2, "review_period_days": 7,
         "order_multiple": 20, "min_order_qty": 100, "max_cover_days": 60},
        {"merchant_id": "m1", "sku_id": "b", "sku_name": "Pillow", "status": "listed", "unit_price": 30},
        {"merchant_id": "m1", "sku_id": "gone", "status": "delisted"},
    )  # fmt: skip
    deliver(
        "inbound", known,
        {"merchant_id": "m1", "purchase_order_id": "p1", "sku_id": "a", "ordered_on": AS_OF - timedelta(days=12),
         "due_on": AS_OF - timedelta(days=2), "units_ordered": 300, "units_received": 100},
    )  # fmt: skip
    days = [AS_OF - timedelta(days=back) for back in range(60)]
    write_mart("sku_day", *(
        {"date": on, "merchant_id": "m1", "sku_id": sku, "units": 100.0 if sku == "a" else 0.0,
         "gmv": 4500.0 if sku == "a" else 0.0, "on_hand": 520.0 if sku == "a" else None,
         "reserved": 20.0 if sku == "a" else None, "status": "listed"}
        for on in days for sku in ("a", "b")
    ))  # fmt: skip
    write_made("sku_forecast", *sku_forecast_rows("m1", "a", 100.0), *sku_forecast_rows("m1", "b", 1.0))
    write_made("event_calendar", {
        "event_id": "double-11", "name": "{}", "phase": "peak", "starts_on": date(2026, 11, 11),
        "ends_on": date(2026, 11, 11), "scope": "", "source": "calendar",
    })  # fmt: skip


def plan_of(day: Day) -> pd.DataFrame:
    assert replenishment_plan(day) == {"replenishment_plan": 2}
    return day.lake.read("replenishment_plan").to_pandas().set_index("sku_id")


@pytest.mark.usefixtures("shop")
def test_a_short_product_is_ordered_in_cases_above_the_minimum(day: Day) -> None:
    row = plan_of(day).loc["a"]
    assert row["inbound"] == 200
    assert row["inventory_position"] == 520 - 20 + 200
    assert row["days_of_cover"] == pytest.approx(5.0)
    assert row["demand_lead_review"] == pytest.approx(1600.0)
    assert row["order_qty"] >= row["order_up_to"] - 700
    assert row["order_qty"] % 20 == 0
    assert row["order_by"] == AS_OF
    # 500 free, 200 late ones expected in three days: gone on day seven.
    assert row["stock_out_on"] in (AS_OF + timedelta(days=7), AS_OF + timedelta(days=8))
    assert row["stock_out_on_early"] <= row["stock_out_on"] <= row["stock_out_on_late"]
    assert row["inbound_late_days"] == 2
    assert row["next_receipt_on"] == AS_OF + timedelta(days=3)
    assert row["unit_price"] == pytest.approx(45.0)
    # Seven days without a hundred units at 45 each.
    assert row["money_at_risk"] == pytest.approx(7 * 100 * 45, rel=0.05)
    assert row["event_gap"] == pytest.approx(1.0)
    assert row["assumed"] == ""


@pytest.mark.usefixtures("shop")
def test_unknown_stock_is_not_guessed_and_defaults_are_named(day: Day) -> None:
    row = plan_of(day).loc["b"]
    for name in ("on_hand", "inventory_position", "order_qty", "p_stock_out_14", "days_of_cover", "money_at_risk"):
        assert pd.isna(row[name]), name
    assert row["class"] == "C"
    assert row["assumed"] == "lead_time_days,lead_time_sd_days,review_period_days,reserved"
    assert row["days_since_sale"] == 60


@pytest.mark.usefixtures("shop")
def test_the_future_changes_nothing(day: Day, deliver: Callable) -> None:
    before = plan_of(day)
    tomorrow = AS_OF + timedelta(days=1)
    deliver("products", tomorrow, {"merchant_id": "m1", "sku_id": "a", "status": "delisted"})
    deliver("inbound", tomorrow, {"merchant_id": "m1", "purchase_order_id": "p1", "sku_id": "a",
                                  "ordered_on": AS_OF, "units_ordered": 9, "units_received": 9})  # fmt: skip
    pd.testing.assert_frame_equal(plan_of(day), before)


def test_a_forecast_with_a_hole_is_not_known() -> None:
    forecast = pa.table({"row": [0, 0, 1], "day": [0, 1, 0], "mean": [1.0, 2.0, 3.0], "sd": [1.0, 1.0, 1.0]})
    mean, _ = forecast_matrices(forecast, 2, 2)
    assert mean[0].tolist() == [1.0, 2.0]
    assert np.isnan(mean[1]).all()


def test_receipts_of_one_day_are_added_up() -> None:
    lists = pa.chunked_array([pa.array(
        [[{"day": 2, "units": 5.0}, {"day": 2, "units": 1.0}], None, [{"day": 1, "units": 3.0}]]
    )])  # fmt: skip
    assert receipt_matrix(lists, 3).tolist() == [[0, 6, 0], [0, 0, 0], [3, 0, 0]]


def test_possible_days_fill_a_matrix_as_wide_as_the_longest_list() -> None:
    lists = pa.chunked_array([pa.array([[2, 5], None, [7]], pa.list_(pa.int64()))])
    np.testing.assert_array_equal(arrival_matrix(lists), [[2, 5], [np.nan, np.nan], [7, np.nan]])
    assert arrival_matrix(lists.slice(0, 0)).shape == (0, 1)


def line(
    number: int, ordered: int, promised: int, took: int | None, received: int = 10, sku: str = "b"
) -> dict[str, Any]:
    """A purchase order line, of the pillows: ordered so many days ago, promised and received so many days later."""
    on = AS_OF - timedelta(days=ordered)
    closed = None if took is None else on + timedelta(days=took)
    return {"merchant_id": "m1", "purchase_order_id": f"q{number}", "sku_id": sku, "ordered_on": on,
            "due_on": on + timedelta(days=promised), "units_ordered": 10, "closed_on": closed,
            "units_received": 0 if took is None else received}  # fmt: skip


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ([], 17),  # nothing was due yet: as promised
        ([line(n, 40, 10, 5) for n in range(40)], 7),  # half the promised 20 days, three of which are over
        ([line(n, 40, 10, 5) for n in range(4)], 17),  # four lines prove little
        ([line(n, 40, 10, 1) for n in range(400)], 17),  # all were faster than this one is: as promised
        ([line(n, 40, 10, 5, received=0) for n in range(40)], 17),  # called off: nothing came
        # of another product, twice the promised time over and still not there
        ([line(n, 40, 20, None, sku="a") for n in range(40)] + [line(n, 40, 10, 5) for n in range(50, 80)], 37),
        ([line(n, 140, 10, 5) for n in range(40)], 17),  # long ago
    ],
)
def test_a_delivery_is_expected_when_the_merchants_own_lines_came(
    day: Day, deliver: Callable, lines: list[dict[str, Any]], days: int
) -> None:
    open_line = line(999, 3, 20, None)
    deliver("inbound", AS_OF - timedelta(days=1), open_line, *lines)
    row = plan_of(day).loc["b"]
    assert row["next_receipt_on"] == AS_OF + timedelta(days=days)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("recovered", "steadiness"), [(0.1, "X"), (0.8, "Y"), (1.6, "Z")])
def test_steadiness_is_that_of_demand_had_there_been_stock(
    day: Day, write_made: Callable, recovered: float, steadiness: str
) -> None:
    rows = [{**row, "weekly_cv": recovered} for row in sku_forecast_rows("m1", "a", 100.0)]
    write_made("sku_forecast", *rows, *sku_forecast_rows("m1", "b", 1.0))
    plan = plan_of(day)
    assert plan.loc["a", "variability"] == steadiness
    assert plan.loc["b", "variability"] == "Z"  # nothing recovered, nothing sold
