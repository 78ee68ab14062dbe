"""Facts of a block: every column the playbook may name is there, with what was known on the day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models.navigation.sources import columns_of
from pipelines.day import Day
from pipelines.defs.navigation.facts import Facts, read_facts
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.policy import load_profile

AS_OF = date(2026, 10, 30)


@pytest.fixture
def facts(day: Day, deliver: Callable, write_made: Callable) -> Facts:
    deliver("merchants", AS_OF, {"merchant_id": "m1", "locale": "en", "category": "home", "region": "east"})
    write_made("event_calendar", *(
        {"event_id": event, "name": json.dumps({"en": event}), "phase": "peak", "starts_on": start, "ends_on": end,
         "anchor": end, "scope": scope, "source": "feed"}
        for event, start, end, scope in (
            ("double-11", date(2026, 11, 10), date(2026, 11, 11), ""),
            ("elsewhere", date(2026, 11, 1), date(2026, 11, 2), "toys"),
            ("national-day", date(2026, 10, 1), date(2026, 10, 7), "east"),
        )
    ))  # fmt: skip
    write_made("volume_forecast", *(
        {"merchant_id": "m1", "measure": measure, "target_date": AS_OF + timedelta(days=ahead),
         "mean": daily * (4.0 if ahead in (11, 12) else 1.0)}
        for measure, daily in (("gmv", 1000.0), ("units", 10.0), ("orders", 8.0)) for ahead in range(1, 29)
    ))  # fmt: skip
    write_made("forecast_residuals", *(
        {"merchant_id": "m1", "measure": measure, "horizon": 7, "date": AS_OF, "actual": 1.5 * expected,
         "mean": expected, "q975": 1.3 * expected}
        for measure, expected in (("gmv", 7000.0), ("units", 70.0))
    ))  # fmt: skip
    write_made("leg_status", {"merchant_id": "m1", "leg": "sales", "light": "star", "metric": "sales.m"},
               {"merchant_id": "m1", "leg": "service", "light": "grey"})  # fmt: skip
    write_made("metric_signals",
               {"merchant_id": "m1", "metric": "fulfilment.late_dispatch", "window": "30d", "leg": "fulfilment",
                "light": "amber", "limit_amber": 0.03, "limit_red": 0.04, "days_to_breach": 3.6, "peer_p25": 0.01},
               {"merchant_id": "m1", "metric": "fulfilment.cancel_rate", "window": "28d", "leg": "fulfilment",
                "light": "green"})  # fmt: skip
    write_made("replenishment_plan", {
        "merchant_id": "m1", "sku_id": "s", "on_hand": 10.0, "reserved": 4.0, "order_qty": 24.0,
        "event_shortage": 30.2, "event_gap": 0.5, "unit_price": 5.0, "money_at_risk": 70.0, "excess_units": 2.0,
        "unit_cost": 3.0, "inventory_position": 6.0, "reorder_point": 6.0, "dead_stock": False,
    })  # fmt: skip
    write_made("feed_status", {"merchant_id": "m1", "feed": "reviews", "status": "stale", "last_on": AS_OF,
                               "connected": True, "merchant_connected": True})  # fmt: skip
    playbook = load_playbook(day.workspace)
    return read_facts(day, day.blocks()[0], playbook, load_profile(day.workspace))


def test_every_column_that_the_playbook_may_read_is_there(facts: Facts, day: Day) -> None:
    for situation in load_playbook(day.workspace).situations:
        assert situation.columns_read <= set(facts.by_source[situation.source].columns), situation.id
    assert columns_of("merchants") <= set(facts.by_source["merchants"].columns)


def test_the_next_event_of_the_merchant_counts_to_the_day_it_is_named_after(facts: Facts) -> None:
    row = facts.by_source["merchants"].iloc[0]
    assert json.loads(row["event_name"]) == {"en": "double-11"}
    assert row["event_in_days"] == 12
    assert row["event_units"] == pytest.approx(80)
    assert row["event_lift"] == pytest.approx(4)
    assert json.loads(row["past_event_name"]) == {"en": "national-day"}
    assert row["past_event_days"] == 23


def test_money_ahead_and_last_week_against_its_forecast(facts: Facts) -> None:
    row = facts.by_source["merchants"].iloc[0]
    assert row["gmv_14"] == pytest.approx(12 * 1000 + 2 * 4000)
    assert row["surge_share"] == pytest.approx(0.5)
    assert bool(row["above_band"]) is True
    assert row["stock_out_money"] == 70
    assert row["event_gap_money"] == pytest.approx(151)
    assert row["surplus_value"] == 6
    assert (row["legs_star"], row["legs_known"], row["legs_red"]) == (1, 1, 0)


def test_signals_say_which_limit_counts_and_when_it_is_crossed(facts: Facts) -> None:
    rows = facts.by_source["signals"]
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["limit"], row["window_days"], row["unit"]) == (0.03, 30, "percent")
    assert row["breach_on"].date() == AS_OF + timedelta(days=4)
    assert row["peer_best"] == 0.01
    assert row["gmv_14"] == 20000


def test_products_without_a_name_are_called_by_their_id(facts: Facts) -> None:
    row = facts.by_source["products"].iloc[0]
    assert (row["sku_name"], row["free_stock"], row["event_order_qty"]) == ("s", 6, 31)
    assert bool(row["at_reorder_point"]) is True


def test_feeds_bring_their_leg(facts: Facts) -> None:
    assert facts.by_source["feeds"].iloc[0][["feed", "leg", "days_silent"]].tolist() == ["reviews", "experience", 0]
