"""The products of shops as arrays, as the feeds gave them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from models.forecasting.products.panel import depth_code, price_code
from pipelines.day import Day
from pipelines.defs.forecasts.product_panels import read_products
from pipelines.defs.forecasts.reading import read_scene


def test_a_panel_holds_what_the_feeds_said(platform: Day) -> None:
    scene = read_scene(platform)
    block, codes = read_products(scene, scene.merchants, None)
    assert codes == {"food": 0, "toys": 1}
    keys = block.keys.to_pandas()
    row = keys.index[(keys["merchant_id"] == "m05") & (keys["sku_id"] == "a")][0]
    with platform.connect("sku_day", since=platform.as_of - timedelta(days=55)) as connection:
        units = connection.execute(
            "SELECT units FROM sku_day WHERE merchant_id = 'm05' AND sku_id = 'a' ORDER BY date"
        ).fetchnumpy()["units"]
    np.testing.assert_array_equal(block.panel.units[row], units)
    assert block.panel.category[row] == 0
    assert (block.panel.out == 0).all()
    assert block.panel.price is None
    assert "c" not in set(keys["sku_id"])  # delisted


def test_planned_depths_and_prices_of_products_are_read(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path, feeds_given=("sales",))
    as_of = date(2026, 10, 30)
    plan = {"date": as_of + timedelta(days=2), "known_on": as_of}
    deliver_to(workspace, "plans", [
        {**plan, "merchant_id": "m05", "sku_id": "a", "promotion": 0.2},
        {**plan, "merchant_id": "m05", "sku_id": "b", "price": 60.0},  # sold at 50
        {**plan, "merchant_id": "m07", "sku_id": "", "price": 60.0},  # of the whole shop
    ])  # fmt: skip
    scene = read_scene(Day(workspace, as_of))
    block, _ = read_products(scene, scene.merchants, None)
    keys, panel = block.keys.to_pandas(), block.panel
    row = {sku: keys.index[(keys["merchant_id"] == "m05") & (keys["sku_id"] == sku)][0] for sku in ("a", "b")}
    ahead = panel.history + 1
    assert panel.promotion[row["a"], ahead] == depth_code(np.array([0.2]))[0]
    assert panel.price[row["b"], ahead] == price_code(np.array([np.log(1.2)]))[0]
    assert (panel.promotion > 0).sum() == 1
    assert (panel.price > 0).sum() == 1


def test_some_shops_are_read_with_the_codes_of_all(platform: Day) -> None:
    scene = read_scene(platform)
    whole, codes = read_products(scene, scene.merchants, None)
    some, same = read_products(scene, scene.merchants.iloc[4:6], None, codes)
    assert same == codes
    keys = whole.keys.to_pandas()
    mine = keys["merchant_id"].isin(scene.merchants["merchant_id"].iloc[4:6]).to_numpy()
    np.testing.assert_array_equal(some.panel.units, whole.panel.units[mine])
    assert some.panel.shops == 2


def test_a_category_that_was_not_learned_of_has_no_code(platform: Day) -> None:
    scene = read_scene(platform)
    block, _ = read_products(scene, scene.merchants, None, {"food": 0})
    assert set(block.panel.category) == {0, -1}
