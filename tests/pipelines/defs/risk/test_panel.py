from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from pipelines.defs.risk.panel import (
    blocks_of,
    check_columns,
    days_needed,
    read_merchants,
    read_panel,
    read_panels,
)
from pipelines.policy import load_profile


def test_a_panel_ends_on_the_day_and_unknown_days_are_nan(platform):
    platform.columns["sales_units"][3, -2] = np.nan
    day = platform.write()
    merchants = read_merchants(day)
    blocks = list(blocks_of(day, merchants))
    panel = read_panel(day, merchants, blocks[0], ["sales_units"], 10)
    matrix = panel.column("sales_units")
    place = merchants.ids.to_pylist().index(platform.ids[3])
    assert matrix.shape == (120, 10)
    np.testing.assert_array_equal(matrix[place], platform.columns["sales_units"][3, -10:])


def test_blocks_lie_together_in_the_order_of_merchants(platform):
    (platform.home / "config.yaml").write_text("block_merchants: 20\n", encoding="utf-8")
    day = platform.write()
    merchants = read_merchants(day)
    blocks = list(blocks_of(day, merchants))
    assert [one[0] for one in blocks] == [0, *(one[1] for one in blocks[:-1])]
    assert blocks[-1][1] == merchants.count == 120
    parts = [read_panel(day, merchants, one, ["sales_units"], 5).column("sales_units") for one in blocks]
    order = [platform.ids.index(one) for one in merchants.ids.to_pylist()]
    np.testing.assert_array_equal(np.concatenate(parts), platform.columns["sales_units"][order, -5:])


def test_hours_in_stock_are_weighted_by_the_forecast(platform):
    day = platform.write()
    rows = [
        {
            "date": day.as_of - timedelta(days=back),
            "merchant_id": platform.ids[0],
            "sku_id": sku,
            "hours_out_of_stock": out,
        }
        for back in range(5)
        for sku, out in (("s0", 12.0), ("s1", 0.0))
    ]
    platform.write_products(day, rows, {"s0": 1.0, "s1": 3.0})
    merchants = read_merchants(day)
    profile = load_profile(day.workspace)
    columns = ["sales_units", "stock_weighted_hours_in_stock", "stock_weighted_hours_open", "stock_product_days"]
    panel = read_panel(day, merchants, next(iter(blocks_of(day, merchants))), columns, 90, profile)
    place = merchants.ids.to_pylist().index(platform.ids[0])
    assert panel.column("stock_weighted_hours_in_stock")[place, -1] == pytest.approx(1 * 12 + 3 * 24)
    assert panel.column("stock_weighted_hours_open")[place, -1] == pytest.approx(4 * 24)
    assert panel.column("stock_product_days")[place, -5:].sum() == 10
    assert np.isnan(panel.column("stock_product_days")[place, -6])


def test_closed_merchants_are_left_out_and_segments_are_joined(platform):
    day = platform.write()
    merchants = read_merchants(day)
    assert merchants.count == 120
    assert set(merchants.attributes["size_class"]) == {"key", "small"}
    assert merchants.mentor_opt_in.sum() == 30
    frame = merchants.places().to_pandas()
    pd.testing.assert_series_equal(frame["place"], pd.Series(range(120), name="place"))


def test_days_reach_back_for_windows_and_residuals(platform):
    profile = load_profile(platform.write().workspace)
    assert days_needed(profile, 119) == 180  # a 90-day window and the one before it
    assert days_needed(profile, 200) == 230  # residuals of a metric with a lag of 30 days
    check_columns(profile)


def test_a_year_is_read_only_of_the_columns_that_are_looked_back_on(platform):
    day = platform.write()
    merchants, neutral = read_merchants(day), load_profile(day.workspace)
    block = next(iter(blocks_of(day, merchants)))
    assert read_panels(day, merchants, block, 180, neutral).long is None
    row = "- {id: fulfilment.cancel_rate, windows: [90, 365], lag: 0}"
    (platform.home / "policy" / "profiles").mkdir(parents=True)
    (platform.home / "policy" / "profiles" / "far.yaml").write_text(f"extends: neutral\nid: far\nmetrics:\n  {row}\n")
    far = load_profile(day.workspace, "far")
    assert days_needed(far, 119) == 180  # the long window does not widen the panel of all columns
    both = read_panels(day, merchants, block, 180, far)
    assert both.of(far.metric("fulfilment.cancel_rate")) is both.long
    assert both.of(far.metric("fulfilment.late_dispatch")) is both.recent
    assert both.long.days == 365
    assert set(both.long.rows.column_names) == {
        "place", "day", "fulfilment_cancelled_by_seller", "fulfilment_orders",
    }  # fmt: skip
    recent, long = (one.column("fulfilment_orders") for one in (both.recent, both.long))
    np.testing.assert_array_equal(long[:, -180:], recent)
