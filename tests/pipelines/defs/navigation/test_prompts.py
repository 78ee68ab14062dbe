"""Prompts of a small platform: what is said, in which order, in whose language, and never without data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

from pipelines.day import Day
from pipelines.defs.navigation.prompts import prompt_id, prompts

AS_OF = date(2026, 10, 30)


@pytest.fixture
def platform(deliver: Callable, write_made: Callable) -> None:
    known = AS_OF - timedelta(days=1)
    deliver(
        "merchants", known,
        {"merchant_id": "m1", "locale": "en", "status": "open"},
        {"merchant_id": "m2", "locale": "zh-CN", "status": "open"},
        {"merchant_id": "silent", "locale": "zh-TW", "status": "open"},
        {"merchant_id": "shut", "locale": "en", "status": "closed"},
    )  # fmt: skip
    signal = {
        "metric": "fulfilment.late_dispatch", "window": "30d", "leg": "fulfilment", "kind": "rate", "numerator": 12.0,
        "denominator": 120.0, "observed": 0.1, "limit_amber": 0.03, "limit_red": 0.04, "probability_over_limit": 0.99,
        "peer_p50": 0.02, "good_until_green": 180, "light": "red",
    }  # fmt: skip
    write_made("metric_signals", *(
        {"merchant_id": merchant, **signal} for merchant in ("m1", "m2", "shut")
    ), {"merchant_id": "m1", "metric": "after_sale.order_defect", "window": "60d", "leg": "after_sale", "kind": "rate",
        "observed": 0.001, "peer_p50": 0.004, "peer_p75": 0.002, "light": "star"})  # fmt: skip
    write_made("leg_status", *(
        {"merchant_id": merchant, "leg": "fulfilment", "light": "red"} for merchant in ("m1", "m2", "shut")
    ), {"merchant_id": "m1", "leg": "after_sale", "light": "star", "metric": "after_sale.order_defect"})  # fmt: skip
    write_made("volume_forecast", *(
        {"merchant_id": merchant, "measure": "gmv", "target_date": AS_OF + timedelta(days=ahead), "mean": 1000.0}
        for merchant in ("m1", "m2") for ahead in range(1, 29)
    ))  # fmt: skip
    write_made("replenishment_plan", {
        "merchant_id": "m1", "sku_id": "s1", "sku_name": "Washed-cotton set\n=1+1", "on_hand": 80.0, "reserved": 0.0,
        "inventory_position": 80.0, "reorder_point": 200.0, "order_qty": 480.0, "order_by": AS_OF,
        "p_stock_out_14": 0.83, "p_stock_out_before_receipt": 0.2, "lead_time_days": 9.0, "money_at_risk": 90000.0,
        "unit_price": 100.0, "forecast_daily": 20.0, "excess_units": 0.0, "dead_stock": False, "event_gap": 0.0,
    })  # fmt: skip
    write_made("feed_status", {
        "merchant_id": "m2", "feed": "reviews", "connected": True, "merchant_connected": True, "status": "stale",
        "last_on": AS_OF - timedelta(days=4), "since": AS_OF - timedelta(days=3),
    })  # fmt: skip


@pytest.fixture
def table(platform: None, day: Day) -> pd.DataFrame:
    written = prompts(day)
    table = day.lake.read("prompts").to_pandas().sort_values(["merchant_id", "rank"])
    assert written == {"prompts": len(table)}
    return table


def test_money_orders_the_actions_and_praise_comes_last(table: pd.DataFrame) -> None:
    mine = table[table["merchant_id"] == "m1"]
    assert mine["situation"].tolist() == ["reorder", "late-dispatch", "star"]
    assert mine["rank"].tolist() == [1, 2, 3]
    assert mine["worth"].iloc[0] == pytest.approx(90000 * 0.7)
    # 0.99 chance of being over the limit, 14 days at 1,000 a day, a sanction costs 0.3, of which 0.6 is saved.
    assert mine["worth"].iloc[1] == pytest.approx(0.99 * 14000 * 0.3 * 0.6)
    assert mine["formula"].tolist() == ["stock_out", "limit_breach", "none"]
    assert mine["good_news"].tolist() == [False, False, True]
    assert mine["sku_id"].iloc[0] == "s1"


def test_texts_are_in_the_merchants_language(table: pd.DataFrame) -> None:
    english = table[table["merchant_id"] == "m1"].iloc[1]
    assert english["action"] == "Clear waiting orders by Sat 31 Oct; pack in two rounds before the cut-off"
    assert english["reason"] == "Of 120 orders due in 30 days, 12 left late: 10.0% (limit 4.0%). Peers' median 2.0%."
    chinese = table[table["merchant_id"] == "m2"].iloc[0]
    assert chinese["action"] == "10月31日 周六前清掉积压订单，按截单时间分两批打包"
    assert "晚发 12 单，占 10.0%" in chinese["reason"]


def test_names_stay_on_one_line_and_values_keep_their_types(table: pd.DataFrame) -> None:
    reorder = table[table["situation"] == "reorder"].iloc[0]
    assert reorder["action"] == "Order 480 more Washed-cotton set =1+1 today"
    assert json.loads(reorder["params"])["chance"] == {"type": "percent", "value": 0.83, "decimals": 0}


def test_a_feed_to_reconnect_comes_after_what_can_be_done(table: pd.DataFrame) -> None:
    mine = table[table["merchant_id"] == "m2"]
    assert mine["kind"].tolist() == ["act", "connect"]
    assert mine["leg"].tolist() == ["fulfilment", "experience"]
    assert pd.isna(mine["worth"].iloc[1])


def test_nobody_is_told_anything_without_data(table: pd.DataFrame) -> None:
    assert set(table["merchant_id"]) == {"m1", "m2"}


@pytest.mark.usefixtures("platform")
def test_the_same_day_again_gives_the_same_rows(day: Day) -> None:
    def made() -> pd.DataFrame:
        prompts(day)
        rows = day.lake.read("prompts").to_pandas()
        return rows.sort_values(["merchant_id", "rank"], ignore_index=True)

    pd.testing.assert_frame_equal(made(), made())


def test_ids_hold_from_day_to_day_and_tell_subjects_apart() -> None:
    assert prompt_id("m1", "reorder", "a") == prompt_id("m1", "reorder", "a")
    assert prompt_id("m1", "reorder", "a") != prompt_id("m1", "reorder", "b")
    assert prompt_id("m1", "reorder-a", "") != prompt_id("m1", "reorder", "-a")
