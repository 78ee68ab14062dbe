"""Shares of products: in-stock days count, new products are not nothing, delisted ones are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipelines.day import Day
from pipelines.defs.forecasts.step import forecasts

AS_OF = date(2026, 10, 30)


def rates_of(day: Day, merchant: str) -> dict[str, float]:
    rows = day.lake.read("sku_forecast").to_pandas().query(f"merchant_id == '{merchant}'")
    return dict(rows.groupby("sku_id")["mean"].mean())


def test_a_product_out_of_stock_keeps_the_rate_it_sold_at(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path)
    forecasts(Day(workspace, AS_OF))
    before = rates_of(Day(workspace, AS_OF), "m05")
    gone = [
        {"date": AS_OF - timedelta(days=back), "merchant_id": "m05", "sku_id": "a", "on_hand": 0.0,
         "hours_out_of_stock": 24.0, "known_on": AS_OF}
        for back in range(10)
    ]  # fmt: skip
    sold_nothing = [{**row, "units": 0.0, "gmv": 0.0} for row in gone]
    deliver_to(workspace, "stock", gone)
    deliver_to(
        workspace,
        "sales",
        [{key: value for key, value in row.items() if key not in ("on_hand",)} for row in sold_nothing],
    )
    forecasts(Day(workspace, AS_OF))
    after = rates_of(Day(workspace, AS_OF), "m05")
    assert after["a"] / after["b"] == pytest.approx(before["a"] / before["b"], rel=0.25)


def test_a_new_product_is_expected_to_sell_something(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path)
    new = {"merchant_id": "m05", "sku_id": "new", "status": "listed", "known_on": AS_OF}
    deliver_to(workspace, "products", [new])
    forecasts(Day(workspace, AS_OF))
    rates = rates_of(Day(workspace, AS_OF), "m05")
    assert 0 < rates["new"] <= rates["a"]
    assert "c" not in rates


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
