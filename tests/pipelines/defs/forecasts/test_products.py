"""Shares of products: in-stock days count, new products are not nothing, delisted ones are."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.day import Day
from pipelines.defs.forecasts.products import pieces, product_rows
from pipelines.defs.forecasts.reading import read_scene
from pipelines.tables import tables

AS_OF = date(2026, 10, 30)


def forecasts(day: Day) -> None:
    """Forecast products of shops whose own forecast is what they sold of late, without the models of volumes."""
    since = day.as_of - timedelta(days=28)
    with day.connect("merchant_day", since=since) as connection:
        usual = connection.execute(
            "SELECT merchant_id, avg(sales_units) FROM merchant_day WHERE sales_units >= 0 AND date > ? GROUP BY 1",
            [since],
        ).fetchall()
    names = tables()["volume_forecast"].schema
    rows = [
        {"made_on": day.as_of, "merchant_id": merchant, "measure": "units", "mean": mean, "q10": 0.8 * mean,
         "q90": 1.2 * mean, "target_date": day.as_of + timedelta(days=ahead)}
        for merchant, mean in usual for ahead in range(1, 29)
    ]  # fmt: skip
    day.write("volume_forecast", pa.Table.from_pylist(rows, schema=names))
    day.write("sku_forecast", product_rows(read_scene(day)))


def rates_of(day: Day, merchant: str) -> dict[str, float]:
    rows = day.lake.read("sku_forecast").to_pandas().query(f"merchant_id == '{merchant}'")
    return dict(rows.groupby("sku_id")["mean"].mean())


def back(days: int) -> date:
    return AS_OF - timedelta(days=days)


@pytest.fixture(scope="module")
def special(make_platform, deliver_to, tmp_path_factory) -> Day:
    """In every shop a sells three times as much as b, and b three times as usual in promotions; some are special.

    m05 was out of a by the hour for ten days, m04 by what was on hand; m06 has a product that sells rarely, m07 a new
    one.
    """
    workspace = make_platform(tmp_path_factory.mktemp("special"))
    empty = [(shop, days) for shop in ("m04", "m05") for days in range(10)]
    promoted = [AS_OF + timedelta(days=days) for days in (*range(-50, 0, 5), 3)]
    sold = workspace.lake.read("sales").to_pandas()
    deliver_to(workspace, "stock", [
        {"date": back(days), "merchant_id": "m05", "sku_id": "a", "hours_out_of_stock": 24.0} for days in range(10)
    ] + [
        {"date": back(days), "merchant_id": "m04", "sku_id": sku, "on_hand": float(sku == "b" or days > 9)}
        for days in range(60) for sku in ("a", "b")
    ])  # fmt: skip
    deliver_to(workspace, "products", [
        {"merchant_id": "m06", "sku_id": "rare", "status": "listed", "listed_on": back(90), "known_on": AS_OF},
        {"merchant_id": "m07", "sku_id": "new", "status": "listed", "known_on": AS_OF},
    ])  # fmt: skip
    deliver_to(workspace, "plans", [
        {"date": on, "merchant_id": f"m{place:02d}", "sku_id": "b", "open": True, "promotion": 0.2,
         "known_on": back(60)}
        for on in promoted for place in range(9)
    ])  # fmt: skip
    deliver_to(workspace, "sales", [
        {"date": back(days), "merchant_id": shop, "sku_id": "a", "units": 0.0, "known_on": AS_OF}
        for shop, days in empty
    ] + [
        {"date": back(days), "merchant_id": "m06", "sku_id": "rare", "units": 4.0, "known_on": AS_OF}
        for days in (5, 25, 45)
    ] + [
        {"date": row.date, "merchant_id": row.merchant_id, "sku_id": "b", "units": 3 * row.units, "known_on": AS_OF}
        for row in sold[sold["date"].isin(promoted) & (sold["sku_id"] == "b")].itertuples()
    ])  # fmt: skip
    day = Day(workspace, AS_OF)
    forecasts(day)
    return day


def ordinary(day: Day, merchant: str) -> pd.DataFrame:
    """Means of a shop's products over the days without a promotion."""
    rows = day.lake.read("sku_forecast").to_pandas().query(f"merchant_id == '{merchant}'")
    rows = rows[rows["target_date"] != AS_OF + timedelta(days=3)]
    return rows.groupby("sku_id")[["mean", "sales", "demand_28", "weekly_cv"]].mean()


@pytest.mark.parametrize("shop", ["m04", "m05"])
def test_a_product_out_of_stock_keeps_the_rate_it_sold_at(special: Day, shop: str) -> None:
    gone, there = ordinary(special, shop), ordinary(special, "m08")
    assert there["mean"]["a"] / there["mean"]["b"] == pytest.approx(3, rel=0.15)
    assert gone["mean"]["a"] / gone["mean"]["b"] == pytest.approx(3, rel=0.25)
    # What it will sell is another matter, and what would have been bought of it a third.
    assert gone["sales"]["a"] < 0.75 * gone["mean"]["a"]
    assert gone["sales"]["b"] > 0.9 * gone["mean"]["b"]
    assert gone["demand_28"]["a"] > 1.8 * gone["demand_28"]["b"]  # b was on promotion; sold was 1.4 times b
    assert gone["weekly_cv"]["a"] < 0.4


def test_a_new_product_is_expected_to_sell_something(special: Day) -> None:
    rates = rates_of(special, "m07")
    assert 0 < rates["new"] <= rates["a"]
    assert "c" not in rates


def test_days_on_which_a_product_did_not_sell_count_where_stock_is_not_delivered(special: Day) -> None:
    assert rates_of(special, "m06")["rare"] < 1.5  # three times four units in fifty-six days


def test_a_planned_promotion_of_a_product_lifts_that_product(special: Day) -> None:
    rows = special.lake.read("sku_forecast").to_pandas().query("merchant_id == 'm08'")
    share = rows.pivot(index="target_date", columns="sku_id", values="mean").pipe(lambda days: days["b"] / days["a"])
    assert share[AS_OF + timedelta(days=3)] > 1.8 * share.drop(AS_OF + timedelta(days=3)).median()


def test_a_shop_of_which_only_the_total_is_known_has_no_product_forecast(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path, feeds_given=("storefront",))
    totals = [
        {"date": AS_OF - timedelta(days=back), "merchant_id": "m05", "sku_id": "", "units": 9.0, "gmv": 90.0}
        for back in range(40)
    ]
    deliver_to(workspace, "sales", totals)
    forecasts(Day(workspace, AS_OF))
    assert rates_of(Day(workspace, AS_OF), "m05") == {}


def test_whole_units_have_whole_quantiles(navigated: Day) -> None:
    rows = navigated.lake.read("sku_forecast").to_pandas()
    small = rows[rows["mean"] < 20]
    assert len(small)
    assert (small[["q10", "q50", "q80", "q90"]] % 1 == 0).all(axis=None)
    assert len(rows) == 10 * 2 * 28


def test_the_size_of_blocks_changes_no_product(make_platform, tmp_path) -> None:
    found = []
    for size in (1, 5000):
        workspace = make_platform(tmp_path / str(size), config=f"block_merchants: {size}\n")
        forecasts(Day(workspace, AS_OF))
        rows = workspace.lake.read("sku_forecast").to_pandas()
        found.append(rows.sort_values(["merchant_id", "sku_id", "target_date"]).reset_index(drop=True))
    pd.testing.assert_frame_equal(*found, rtol=1e-9)


def test_pieces_are_whole_shops() -> None:
    shop = np.array([0, 0, 0, 1, 1, 4, 4, 4, 4])
    assert [(one.start, one.stop) for one in pieces(shop, 5)] == [(0, 5), (5, 9)]
    assert [(one.start, one.stop) for one in pieces(shop, 1)] == [(0, 3), (3, 5), (5, 9)]
    assert [(one.start, one.stop) for one in pieces(shop, 100)] == [(0, 9)]
    assert list(pieces(np.zeros(0, np.int64), 5)) == []
