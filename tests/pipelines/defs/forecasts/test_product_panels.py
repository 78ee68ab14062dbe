"""The products of shops as arrays, as the feeds gave them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

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
    assert "c" not in set(keys["sku_id"])  # delisted


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
