"""The staffing step on a small lake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import yaml

from pipelines.day import Day
from pipelines.defs.navigation.staffing import staffing_plan
from pipelines.defs.navigation.staffing_desks import hours_from
from pipelines.workspace import Workspace

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
    assert staffing_plan(day) == {"service_forecast": 2 * 14 * 24, "staffing_plan": 14 * 24, "service_quality": 4}
    return day.lake.read("staffing_plan").to_pandas().set_index(["date", "hour"])


def test_an_event_lifts_consultations_as_it_lifts_orders(plan: pd.DataFrame) -> None:
    ordinary = plan.loc[(pd.Timestamp(AS_OF + timedelta(days=1)).date(), 20)]
    event = plan.loc[(pd.Timestamp(AS_OF + timedelta(days=2)).date(), 20)]
    assert ordinary["sessions"] == pytest.approx(200, rel=0.002)
    assert event["sessions"] == pytest.approx(800, rel=0.002)
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
    assert staffing_plan(day) == {"service_forecast": 0, "staffing_plan": 0, "service_quality": 0}


def many_desks(deliver: Callable, write_mart: Callable, write_made: Callable) -> None:
    """Two dozen shops of three categories with hours, drivers and a forecast of their own."""
    random = np.random.default_rng(3)
    days = [AS_OF - timedelta(days=back) for back in range(12)]
    shops = [f"shop-{number:02d}" for number in range(24)]
    deliver("merchants", AS_OF, *(
        {"merchant_id": shop, "status": "open", "category": f"category-{place % 3}"} for place, shop in enumerate(shops)
    ))  # fmt: skip
    hours, mart = [], []
    for place, shop in enumerate(shops):
        for on in days:
            orders = float(random.poisson(3 + 4 * place))
            mart.append(
                {"date": on, "merchant_id": shop, "storefront_orders": orders, "storefront_visitors": 20 * orders}
            )
            for phase, hour in (("pre_sale", 9), ("pre_sale", 20), ("after_sale", 14)):
                sessions = int(random.poisson(0.3 * orders + 0.1))
                hours.append({"date": on, "hour": hour, "merchant_id": shop, "phase": phase, "sessions": sessions,
                              "human_sessions": sessions // 2, "handle_seconds": 150 * sessions})  # fmt: skip
    deliver("service_hour", AS_OF, *hours)
    write_mart("merchant_day", *mart)
    write_made("volume_forecast", *(
        {"merchant_id": shop, "measure": measure, "target_date": AS_OF + timedelta(days=ahead),
         "mean": (3.0 + 4 * place) * scale, "q10": (2.0 + 4 * place) * scale, "q90": (5.0 + 4 * place) * scale}
        for place, shop in enumerate(shops) for ahead in range(1, 15)
        for measure, scale in (("orders", 1.0), ("visitors", 20.0))
    ))  # fmt: skip


def test_the_size_of_blocks_changes_nothing(
    day: Day, deliver: Callable, write_mart: Callable, write_made: Callable
) -> None:
    many_desks(deliver, write_mart, write_made)
    found = {}
    for size in (1, 7, 5000):
        settings = day.workspace.home / "config.yaml"
        kept = yaml.safe_load(settings.read_text(encoding="utf-8")) or {}
        settings.write_text(yaml.safe_dump({**kept, "block_merchants": size}), encoding="utf-8")
        cut = Day(Workspace.at(day.workspace.home), AS_OF)
        assert len(cut.blocks()) == (1 if size == 5000 else 2)
        staffing_plan(cut)
        found[size] = [
            day.lake.read(table).to_pandas().sort_values(keys).reset_index(drop=True)
            for table, keys in (
                ("service_forecast", ["merchant_id", "phase", "target_date", "hour"]),
                ("staffing_plan", ["merchant_id", "date", "hour"]),
            )
        ]
    for size in (1, 7):
        for one, other in zip(found[size], found[5000], strict=True):
            pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)


def test_a_day_of_the_daily_feed_without_hours_is_a_quiet_day(
    day: Day, deliver: Callable, write_mart: Callable, write_made: Callable
) -> None:
    days = [AS_OF - timedelta(days=back) for back in range(10)]
    deliver("merchants", AS_OF, {"merchant_id": "m1"}, {"merchant_id": "m2"})
    deliver("service_hour", AS_OF, *(
        {"date": on, "hour": 20, "merchant_id": shop, "phase": "pre_sale", "sessions": 30}
        for shop in ("m1", "m2") for on in days[::2]
    ))  # fmt: skip
    write_mart("merchant_day", *(
        {"date": on, "merchant_id": "m2", "service_pre_sale_sessions": 30 if place % 2 == 0 else 0}
        for place, on in enumerate(days)
    ))  # fmt: skip
    staffing_plan(day)
    daily = day.lake.read("service_forecast").to_pandas().groupby("merchant_id")["mean"].sum() / 14
    assert daily["m1"] > 1.4 * daily["m2"]  # 30 and 15 a day, each pulled a little to the other


def test_days_whose_hours_nobody_delivered_are_no_quiet_days(
    day: Day, deliver: Callable, write_mart: Callable, write_made: Callable
) -> None:
    """The daily feed has four weeks, the hourly one a week: 30 consultations a day for 600 visitors, not 8."""
    deliver("merchants", AS_OF, {"merchant_id": "m1"}, {"merchant_id": "m2"})
    days = [AS_OF - timedelta(days=back) for back in range(28)]
    deliver("service_hour", AS_OF, *(
        {"date": on, "hour": 20, "merchant_id": "m1", "phase": "pre_sale", "sessions": 30} for on in days[:7]
    ))  # fmt: skip
    write_mart("merchant_day", *(
        {"date": on, "merchant_id": "m1", "storefront_visitors": 600.0, "service_pre_sale_sessions": 30} for on in days
    ))  # fmt: skip
    write_made("volume_forecast", *(
        {"merchant_id": "m1", "measure": "visitors", "target_date": AS_OF + timedelta(days=ahead), "mean": 600.0}
        for ahead in range(1, 15)
    ))  # fmt: skip
    staffing_plan(day)
    mean = day.lake.read("service_forecast").to_pandas()["mean"].sum() / 14
    assert mean == pytest.approx(30, rel=0.01)


def test_a_desk_is_quiet_only_from_the_first_day_whose_hours_were_delivered(day: Day, landed: Callable) -> None:
    assert hours_from(day) == date.min
    landed("service_hour", first_on=date(2026, 10, 17), known_on=date(2026, 10, 18))
    landed("service_hour", first_on=date(2026, 10, 1), known_on=AS_OF + timedelta(days=1))  # not known yet
    landed("service", first_on=date(2026, 1, 1), known_on=date(2026, 1, 2))
    assert hours_from(day) == date(2026, 10, 17)
    landed("service_hour", first_on=date(2026, 9, 30), known_on=None)  # history, whose rows have days of their own
    assert hours_from(day) == date(2026, 9, 30)


def test_a_sample_smaller_than_the_platform_serves_everyone(
    day: Day, deliver: Callable, write_mart: Callable, write_made: Callable
) -> None:
    many_desks(deliver, write_mart, write_made)
    deliver("merchants", AS_OF, *({"merchant_id": f"silent-{number}", "status": "open"} for number in range(40)))
    policy = day.workspace.home / "policy" / "staffing.yaml"
    policy.parent.mkdir(exist_ok=True)
    shipped = yaml.safe_load(day.workspace.policy_path("staffing.yaml").read_text(encoding="utf-8"))
    policy.write_text(yaml.safe_dump({**shipped, "sample_merchants": 6}), encoding="utf-8")
    assert staffing_plan(day)["service_forecast"] == 24 * 2 * 14 * 24
