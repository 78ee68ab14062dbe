from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

AS_OF = date(2026, 10, 30)
Plan = Callable[..., pd.Series]


def test_money_at_risk_is_the_forecast_of_the_days_without_stock(plan_one: Plan) -> None:
    # 7 days of stock with hardly any doubt: 7 of 14 days are lost, 120 units at 50 each.
    plan = plan_one(sd=1.0, on_hand=840.0, days=28)
    assert plan["money_at_risk"] == pytest.approx(7 * 120 * 50, rel=0.05)
    assert plan["stock_out_on"].date() in (AS_OF + timedelta(days=7), AS_OF + timedelta(days=8))


def test_an_empty_shelf_is_out_today_and_loses_every_day(plan_one: Plan) -> None:
    plan = plan_one(on_hand=0.0)
    assert plan["p_stock_out_14"] == 1
    assert plan["p_stock_out_before_receipt"] == 1
    assert plan["stock_out_on"].date() == AS_OF
    assert plan["expected_lost_units"] == pytest.approx(14 * 120)
    assert plan["days_of_cover"] == 0


def test_the_next_receipt_is_a_delivery_or_an_order_of_today(plan_one: Plan) -> None:
    # 500 units last four days: an order of today takes six, a delivery of tomorrow one.
    assert plan_one(on_hand=500.0)["p_stock_out_before_receipt"] > 0.8
    soon = plan_one(on_hand=500.0, receipts={1: 10.0})
    assert soon["p_stock_out_before_receipt"] == 0
    assert plan_one(on_hand=500.0, lead_time_days=1.0)["p_stock_out_before_receipt"] == 0


def test_a_delivery_that_may_come_on_several_days_is_waited_for_on_each(plan_one: Plan) -> None:
    # 360 units last until the third evening by half: one of two possible days is too late for that, the other is not.
    by_the_third = plan_one(on_hand=360.0, lead_time_days=28.0, receipts={4: 900.0})["p_stock_out_before_receipt"]
    assert by_the_third == pytest.approx(0.5, abs=0.05)
    plan = plan_one(on_hand=360.0, lead_time_days=28.0, receipts={4: 900.0}, arrivals=(2.0, 4.0))
    assert plan["p_stock_out_before_receipt"] == pytest.approx(by_the_third / 2, abs=0.001)
    # A list that has ended counts no more, and what is received before does not count for the later day.
    plan = plan_one(on_hand=360.0, lead_time_days=28.0, receipts={2: 900.0}, arrivals=(4.0, float("nan")))
    assert plan["p_stock_out_before_receipt"] == pytest.approx(by_the_third, abs=0.001)


def test_an_order_of_today_may_come_before_what_is_on_the_way(plan_one: Plan) -> None:
    plan = plan_one(on_hand=360.0, lead_time_days=2.0, receipts={9: 900.0}, arrivals=(9.0, 12.0))
    assert plan["p_stock_out_before_receipt"] < 0.01


def test_a_delivery_behind_the_stock_out_is_told(plan_one: Plan) -> None:
    assert plan_one(on_hand=500.0, receipts={9: 900.0})["lands_after_stock_out"] is True
    assert plan_one(on_hand=500.0, receipts={2: 9000.0})["lands_after_stock_out"] is False


def test_dates_of_running_out_are_in_order(plan_one: Plan) -> None:
    plan = plan_one(on_hand=1000.0)
    assert plan["stock_out_on_early"] <= plan["stock_out_on"] <= plan["stock_out_on_late"]


def test_surplus_and_dead_stock(plan_one: Plan) -> None:
    plan = plan_one(on_hand=100 * 120.0)
    assert plan["excess_units"] == pytest.approx(10 * 120)
    assert plan["dead_stock"] is False
    assert plan_one(mean=0.0, sd=0.0, on_hand=5.0, days_since_sale=60.0)["dead_stock"] is True
    # New on the shelf: nothing sold yet, but not dead.
    assert plan_one(mean=0.0, sd=0.0, on_hand=5.0, days_since_sale=60.0, listed_days=20.0)["dead_stock"] is False


def test_stock_is_valued_at_cost_else_at_price_else_not(plan_one: Plan) -> None:
    assert plan_one(on_hand=10.0)["stock_value"] == 200
    assert plan_one(on_hand=10.0, unit_cost=None)["stock_value"] == 500
    assert pd.isna(plan_one(on_hand=10.0, unit_cost=None, unit_price=None)["stock_value"])


def test_without_a_price_no_money_is_guessed(plan_one: Plan) -> None:
    plan = plan_one(on_hand=0.0, unit_price=None)
    assert pd.isna(plan["money_at_risk"])
    assert plan["expected_lost_units"] > 0
