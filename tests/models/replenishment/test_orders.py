"""Orders of one product: 120 +- 35 a day, lead time 6 +- 1.5 days, review every 7 days, service level 95 %."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

AS_OF = date(2026, 10, 30)
Plan = Callable[..., pd.Series]


def test_check_values_come_out_of_the_whole_plan(plan_one: Plan) -> None:
    plan = plan_one(on_hand=900.0)
    assert plan["reorder_point"] == pytest.approx(1047.94, abs=0.005)
    assert plan["safety_stock"] == pytest.approx(361.59, abs=0.005)
    assert plan["order_up_to"] == pytest.approx(1921.59, abs=0.005)
    assert plan["order_qty"] == 1022  # 1,921.59 - 900, in whole units
    assert plan["order_by"].date() == AS_OF


def test_above_the_reorder_point_nothing_is_ordered_and_the_day_is_told(plan_one: Plan) -> None:
    plan = plan_one(on_hand=1500.0)
    assert plan["order_qty"] == 0
    # 1,500 - 1,047.94 = 452.06 units, 3.8 days of 120.
    assert plan["order_by"].date() == AS_OF + timedelta(days=4)


def test_what_is_on_the_way_is_not_ordered_again(plan_one: Plan) -> None:
    assert plan_one(on_hand=900.0, receipts={5: 1022.0})["order_qty"] == 0
    assert plan_one(on_hand=900.0, inbound_later=1022.0)["order_qty"] == 0


def test_reserved_units_are_not_free(plan_one: Plan) -> None:
    assert plan_one(on_hand=1000.0, reserved=100.0)["inventory_position"] == 900


def test_the_maximum_cover_limits_an_order(plan_one: Plan) -> None:
    plan = plan_one(on_hand=900.0, max_cover_days=10.0)
    assert plan["order_qty"] == 300  # 10 days of 120 less 900
    assert plan["minimum_too_large"] is False


def test_a_smallest_order_beyond_the_maximum_cover_is_not_placed_but_told(plan_one: Plan) -> None:
    plan = plan_one(on_hand=900.0, max_cover_days=10.0, min_order_qty=500.0)
    assert plan["order_qty"] == 0
    assert plan["minimum_too_large"] is True


def test_an_event_within_reach_is_ordered_for(plan_one: Plan) -> None:
    # The event of days 10 to 11 lies behind the lead time, but the next order would come too late for it.
    plan = plan_one(on_hand=1200.0, event_start_day=10.0, event_end_day=11.0)
    assert plan["event_shortage"] > 0
    assert plan["order_qty"] >= plan["event_shortage"]


def test_no_demand_orders_nothing(plan_one: Plan) -> None:
    plan = plan_one(mean=0.0, sd=0.0, on_hand=0.0)
    assert plan["order_qty"] == 0
    assert pd.isna(plan["order_by"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    on_hand=st.integers(0, 4000),
    more=st.integers(0, 500),
    multiple=st.integers(1, 60),
    minimum=st.integers(0, 300),
    cover=st.integers(14, 90),
)
def test_orders_respect_their_terms_and_more_stock_never_orders_more(
    plan_one: Plan, on_hand: int, more: int, multiple: int, minimum: int, cover: int
) -> None:
    terms = {"order_multiple": float(multiple), "min_order_qty": float(minimum), "max_cover_days": float(cover)}
    plan = plan_one(on_hand=float(on_hand), **terms)
    if plan["order_qty"] > 0:
        assert plan["order_qty"] % multiple == 0
        assert plan["order_qty"] >= minimum
        assert plan["order_qty"] + on_hand <= cover * 120 + 1e-6
        # With more stock the maximum cover may forbid even the smallest order.
        assert plan_one(on_hand=float(on_hand + more), **terms)["order_qty"] <= plan["order_qty"]
