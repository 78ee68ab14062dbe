"""The staffing step on a small lake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

from pipelines.day import Day
from pipelines.defs.navigation.staffing import staffing_plan

AS_OF = date(2026, 10, 30)


@pytest.fixture
def plan(day: Day, deliver: Callable, write_made: Callable, write_mart: Callable) -> pd.DataFrame:
    days = [AS_OF - timedelta(days=back) for back in range(10)]
    deliver("merchants", AS_OF, {"merchant_id": "m1", "status": "open"}, {"merchant_id": "quiet", "status": "open"})
    deliver("service_hour", AS_OF, *(
        {"date": on, "hour": 20, "merchant_id": "m1", "phase": "pre_sale", "sessions": 200, "human_sessions": 100,
         "handle_seconds": 36000}
        for on in days
    ))  # fmt: skip
    # Corrected the day after: not known yet.
    deliver("service_hour", AS_OF + timedelta(days=1), *(
        {"date": on, "hour": 20, "merchant_id": "m1", "phase": "pre_sale", "sessions": 9000, "human_sessions": 9000,
         "handle_seconds": 36000}
        for on in days
    ))  # fmt: skip
    deliver("roster", AS_OF, {"date": AS_OF + timedelta(days=2), "hour": 20, "merchant_id": "m1", "agents": 4,
                              "concurrency": 1})  # fmt: skip
    write_mart("merchant_day", *(
        {"date": on, "merchant_id": "m1", "storefront_orders": 50.0, "sales_units": 60.0} for on in days
    ))  # fmt: skip
    write_made("volume_forecast", *(
        {"merchant_id": "m1", "measure": "orders", "target_date": AS_OF + timedelta(days=ahead),
         "mean": 200.0 if ahead == 2 else 50.0}
        for ahead in range(1, 15)
    ))  # fmt: skip
    assert staffing_plan(day) == {"service_forecast": 2 * 14 * 24, "staffing_plan": 14 * 24}
    return day.lake.read("staffing_plan").to_pandas().set_index(["date", "hour"])


def test_an_event_lifts_consultations_as_it_lifts_orders(plan: pd.DataFrame) -> None:
    ordinary = plan.loc[(pd.Timestamp(AS_OF + timedelta(days=1)).date(), 20)]
    event = plan.loc[(pd.Timestamp(AS_OF + timedelta(days=2)).date(), 20)]
    assert ordinary["sessions"] == pytest.approx(200)
    assert event["sessions"] == pytest.approx(800)
    assert event["human_sessions"] == pytest.approx(400, rel=0.01)


def test_people_needed_against_the_roster(plan: pd.DataFrame) -> None:
    event = plan.loc[(pd.Timestamp(AS_OF + timedelta(days=2)).date(), 20)]
    # 400 consultations of 360 s are 40 erlangs: 47 people at 85 % occupancy, and a tenth more for breaks.
    assert event["agents_needed"] in (52, 53)
    assert event["gap"] == event["agents_needed"] - 4
    assert event["agents_needed_with_bot"] <= event["agents_needed"]


def test_an_hour_outside_the_roster_is_no_gap(plan: pd.DataFrame) -> None:
    other = plan.loc[(pd.Timestamp(AS_OF + timedelta(days=1)).date(), 20)]
    assert pd.isna(other["agents_rostered"])
    assert pd.isna(other["gap"])
    assert other["agents_needed"] > 0


def test_merchants_without_hours_get_no_rows(plan: pd.DataFrame) -> None:
    assert set(plan["merchant_id"]) == {"m1"}


def test_without_the_feed_nothing_is_written(day: Day, deliver: Callable) -> None:
    deliver("merchants", AS_OF, {"merchant_id": "m1"})
    assert staffing_plan(day) == {"service_forecast": 0, "staffing_plan": 0}
