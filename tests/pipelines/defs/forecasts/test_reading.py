"""From marts to panels: who and what there is, masks, plans, and horizons that reach an event's end."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from pipelines.day import Day
from pipelines.defs.forecasts.reading import Blocks, read_scene

AS_OF = date(2026, 10, 30)


def test_the_scene_of_a_day(platform: Day) -> None:
    scene = read_scene(platform)
    assert scene.measures == ("orders", "units", "gmv", "visitors")
    assert scene.setting.history == 120
    assert scene.first_on == AS_OF - timedelta(days=119)
    assert scene.horizon == 28
    assert "m11" not in set(scene.merchants["merchant_id"])  # closed
    assert scene.ahead[0] is not None
    assert scene.ahead[0].family == "double_11"


def test_an_event_further_away_stretches_the_horizon_to_its_end(platform: Day) -> None:
    scene = read_scene(Day(platform.workspace, AS_OF - timedelta(days=20)))
    assert scene.ahead[0] is not None
    assert scene.ahead[0].ends_on == date(2026, 11, 11)
    assert scene.horizon == 32


def test_a_panel_holds_what_the_feeds_said(platform: Day) -> None:
    scene = read_scene(platform)
    panels = list(Blocks(scene)())
    assert sum(len(panel.merchants) for panel in panels) == 11
    panel = next(panel for panel in panels if "m05" in panel.merchants)
    row = list(panel.merchants).index("m05")
    with platform.connect("merchant_day") as connection:
        told = connection.execute(
            "SELECT storefront_orders FROM merchant_day WHERE merchant_id = 'm05' ORDER BY date"
        ).fetchnumpy()["storefront_orders"]
    np.testing.assert_array_equal(panel.values["orders"][row], told)
    assert panel.values["gmv"].shape == (len(panel.merchants), 120)


def test_a_silent_merchant_is_not_known_rather_than_zero(platform: Day) -> None:
    for panel in Blocks(read_scene(platform))():
        for row, name in enumerate(panel.merchants):
            known = np.isfinite(panel.values["orders"][row])
            assert known.all() if name not in ("m09", "m10") else known.sum() == (31 if name == "m09" else 0)


def test_the_plan_of_a_day_ahead_is_read(platform: Day) -> None:
    for panel in Blocks(read_scene(platform))():
        closed = np.argwhere(~panel.open)
        for row, column in closed:
            assert panel.merchants[row] == "m03"
            assert panel.date_of(int(column)) == AS_OF + timedelta(days=3)


def test_days_largely_out_of_stock_are_masked(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path)
    gone = [
        {"date": AS_OF, "merchant_id": "m05", "sku_id": sku, "on_hand": 0.0, "hours_out_of_stock": hours}
        for sku, hours in (("a", 24.0), ("b", 10.0))
    ]
    some = [{**row, "merchant_id": "m07", "hours_out_of_stock": 2.0} for row in gone]
    deliver_to(workspace, "stock", gone + some)
    last = {
        name: panel.values["units"][row, -1]
        for panel in Blocks(read_scene(Day(workspace, AS_OF)))()
        for row, name in enumerate(panel.merchants)
    }
    assert np.isnan(last["m05"])
    assert last["m07"] > 0


def test_products_promotions_count_for_the_shop_by_their_share(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path, feeds_given=("sales",))
    target = AS_OF + timedelta(days=5)
    plan = {"date": target, "promotion": 0.3, "known_on": AS_OF}
    deliver_to(workspace, "plans", [
        {**plan, "merchant_id": "m05", "sku_id": "a"},  # one of two listed products
        {**plan, "merchant_id": "m07", "sku_id": "", "promotion": 0.01},  # too little to count
        {**plan, "merchant_id": "m02", "sku_id": ""},
    ])  # fmt: skip
    promoted = {
        name
        for panel in Blocks(read_scene(Day(workspace, AS_OF)))()
        for row, name in enumerate(panel.merchants)
        if panel.promotion[row, 120 + 4]
    }
    assert promoted == {"m05", "m02"}


def test_depth_and_price_are_read_as_far_as_plans_know_them(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path, feeds_given=("sales",))
    plan = {"date": AS_OF + timedelta(days=5), "known_on": AS_OF}
    deliver_to(workspace, "plans", [
        {**plan, "merchant_id": "m02", "sku_id": "", "promotion": 0.25},
        {**plan, "merchant_id": "m03", "sku_id": "", "promotion": 1.0},  # no more than that there is one
        {**plan, "merchant_id": "m05", "sku_id": "a", "promotion": 0.3, "price": 60.0},  # one of two, sold at 50
        {**plan, "merchant_id": "m07", "sku_id": "a", "promotion": 1.0},
        {**plan, "merchant_id": "m08", "sku_id": "", "price": 12.0},
        *({**plan, "date": AS_OF - timedelta(days=day), "merchant_id": "m08", "sku_id": "", "price": 10.0}
          for day in range(5)),
    ])  # fmt: skip
    depth, price = {}, {}
    for panel in Blocks(read_scene(Day(workspace, AS_OF)))():
        for row, name in enumerate(panel.merchants):
            depth[name] = np.nan if panel.depth is None else float(panel.depth[row, 120 + 4])
            price[name] = np.nan if panel.price is None else float(panel.price[row, 120 + 4])
    assert depth["m02"] == pytest.approx(0.25)
    assert depth["m05"] == pytest.approx(0.15)
    assert all(depth[name] == 1.0 or np.isnan(depth[name]) for name in ("m03", "m07"))
    assert price["m05"] == pytest.approx(0.5 * np.log(60 / 50), abs=1e-6)
    assert price["m08"] == pytest.approx(np.log(1.2), abs=1e-6)
    assert np.isnan(price["m03"])
    assert np.isnan(depth["m01"])


def test_plans_of_on_and_off_say_no_more(platform: Day) -> None:
    assert all(panel.depth is None and panel.price is None for panel in Blocks(read_scene(platform))())


@pytest.mark.parametrize("passes", [1, 3])
def test_blocks_are_the_same_on_every_pass(platform: Day, passes: int) -> None:
    blocks = Blocks(read_scene(platform))
    first = [list(panel.merchants) for panel in blocks()]
    for _ in range(passes):
        assert [list(panel.merchants) for panel in blocks()] == first
