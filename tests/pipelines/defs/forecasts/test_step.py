"""The whole step on a small platform: what each table promises, who is forecast, and nothing from the future."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.day import Day
from pipelines.defs.forecasts.step import forecasts

AS_OF = date(2026, 10, 30)
QUANTILES = ["q025", "q10", "q25", "q50", "q75", "q90", "q975"]
TABLES = (
    "event_calendar",
    "volume_forecast",
    "volume_forecast_sum",
    "sku_forecast",
    "forecast_residuals",
    "forecast_weights",
    "forecast_quality",
)


def read(day: Day, table: str) -> pd.DataFrame:
    return day.lake.read(table).to_pandas()


def test_every_measure_and_day_ahead_of_every_living_shop(navigated: Day) -> None:
    made = read(navigated, "volume_forecast")
    assert set(made["measure"]) == {"orders", "units", "gmv", "visitors"}
    assert sorted(made["merchant_id"].unique()) == [f"m{place:02d}" for place in range(11) if place != 9]
    assert set(made.groupby(["merchant_id", "measure"]).size()) == {28}
    assert made["target_date"].min() == AS_OF + timedelta(days=1)
    assert made["target_date"].max() == AS_OF + timedelta(days=28)
    assert (made[QUANTILES].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (made[["mean", *QUANTILES]] >= 0).all(axis=None)
    assert set(made["model"]) == {"ensemble"}


def test_the_parts_of_a_forecast_multiply_to_it(navigated: Day) -> None:
    made = read(navigated, "volume_forecast")
    parts = ["level", *(name for name in made.columns if name.endswith("_factor"))]
    assert len(parts) == 8
    np.testing.assert_allclose(made[parts].prod(axis=1), made["mean"], rtol=1e-9, atol=1e-9)


def test_the_models_weights_are_written_with_their_reasons(navigated: Day) -> None:
    made, weights = read(navigated, "volume_forecast"), read(navigated, "forecast_weights")
    for span in ("near", "far"):
        total = weights.groupby(["merchant_id", "measure"])[f"weight_{span}"].sum()
        np.testing.assert_allclose(total, 1.0, atol=1e-6)
        assert (weights[f"error_{span}"] > 0).all()
    assert set(made["merchant_id"]) <= set(weights["merchant_id"])


def test_the_mean_is_about_what_is_usual(navigated: Day) -> None:
    made = read(navigated, "volume_forecast")
    ordinary = made[(made["measure"] == "orders") & (made["target_date"] >= date(2026, 11, 19))]
    by_shop = ordinary.groupby("merchant_id")["mean"].mean()
    for place in (2, 5, 8):
        assert by_shop[f"m{place:02d}"] == pytest.approx(2 * (5 + 6 * place), rel=0.25)


def test_a_day_that_is_planned_closed_is_zero(navigated: Day) -> None:
    made = read(navigated, "volume_forecast")
    closed = made[(made["merchant_id"] == "m03") & (made["target_date"] == AS_OF + timedelta(days=3))]
    assert len(closed) == 4
    assert (closed[["mean", *QUANTILES]] == 0).all(axis=None)


def test_double_11_ahead_is_expected_and_summed(navigated: Day) -> None:
    made = read(navigated, "volume_forecast").query("measure == 'orders' and merchant_id == 'm08'")
    by_day = made.set_index("target_date")["mean"]
    assert by_day[date(2026, 11, 11)] > 1.5 * by_day[date(2026, 11, 25)]  # a lift not seen yet; same weekday
    sums = read(navigated, "volume_forecast_sum").query("measure == 'orders' and merchant_id == 'm08'")
    sums = sums.set_index("days")
    assert set(sums.index) == {"7", "14", "28", "event"}
    assert sums.loc["28", "mean"] == pytest.approx(by_day.sum())
    assert sums.loc["7", "mean"] == pytest.approx(by_day.iloc[:7].sum())
    event = sums.loc["event"]
    assert (event["event"], event["ends_on"]) == ("double_11", date(2026, 11, 11))
    assert event["starts_on"] == date(2026, 11, 10)
    assert event["mean"] == pytest.approx(by_day[date(2026, 11, 10)] + by_day[date(2026, 11, 11)])


def test_a_calendar_alone_lifts_nothing(make_platform: Any, tmp_path: Any) -> None:
    day = Day(make_platform(tmp_path / "silent", announces=False, feeds_given=("storefront",)), AS_OF)
    forecasts(day)
    by_day = read(day, "volume_forecast").query("measure == 'orders' and merchant_id == 'm08'").set_index("target_date")
    assert by_day["mean"][date(2026, 11, 11)] == pytest.approx(by_day["mean"][date(2026, 11, 25)], rel=0.1)


def test_products_add_up_to_their_shop(navigated: Day) -> None:
    products = read(navigated, "sku_forecast")
    assert set(products["sku_id"]) == {"a", "b"}
    shops = read(navigated, "volume_forecast").query("measure == 'units'")
    added = products.groupby(["merchant_id", "target_date"])["mean"].sum()
    expected = shops.set_index(["merchant_id", "target_date"])["mean"]
    common = added.index
    np.testing.assert_allclose(added, expected[common], rtol=1e-9)
    shares = products.query("merchant_id == 'm05'").groupby("sku_id")["mean"].sum()
    assert shares["a"] / shares["b"] == pytest.approx(3.0, rel=0.25)
    assert (products[["q10", "q50", "q80", "q90"]].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_residuals_and_quality_cover_every_measure(navigated: Day) -> None:
    residuals = read(navigated, "forecast_residuals")
    assert set(residuals.groupby(["measure", "horizon"])["date"].nunique()) == {56}
    assert residuals["date"].max() == AS_OF
    assert residuals.notna().all(axis=None)
    quality = read(navigated, "forecast_quality").query("segment == 'all'").set_index(["measure", "model", "horizon"])
    for measure in ("orders", "units", "gmv", "visitors"):
        for horizon in (1, 7, 14, 28):
            ours = quality.loc[(measure, "ensemble", horizon), "wape"]
            assert ours < quality.loc[(measure, "seasonal_naive", horizon), "wape"]


def test_the_calendar_is_written_with_names_in_three_languages(navigated: Day) -> None:
    events = read(navigated, "event_calendar")
    assert {"double_11", "mid_year_618", "double_12"} <= set(events["family"])
    assert events["name"].str.contains('"zh-TW"').all()
    assert events.query("source == 'feed'")["family"].tolist() == ["double_11"]


def test_the_same_day_again_gives_the_same_rows(navigated: Day) -> None:
    before = {table: read(navigated, table) for table in TABLES}
    written = forecasts(navigated)
    for table, frame in before.items():
        keys = [
            name
            for name in (
                "merchant_id",
                "sku_id",
                "measure",
                "segment",
                "model",
                "horizon",
                "days",
                "event_id",
                "target_date",
                "date",
            )
            if name in frame
        ]
        again = read(navigated, table)
        assert written[table] == len(frame)
        pd.testing.assert_frame_equal(
            frame.sort_values(keys, ignore_index=True), again.sort_values(keys, ignore_index=True)
        )


def test_nothing_delivered_after_the_day_changes_it(
    navigated: Day, make_platform: Any, deliver_to: Any, tmp_path: Any
) -> None:
    workspace = make_platform(tmp_path / "later", last=AS_OF + timedelta(days=12))
    later, shop = AS_OF + timedelta(days=1), {"merchant_id": "m05", "known_on": AS_OF + timedelta(days=1)}
    past = {**shop, "date": AS_OF - timedelta(days=3)}
    deliver_to(workspace, "storefront", [{**past, "orders": 9999, "visitors": 9999}])
    deliver_to(workspace, "sales", [{**past, "sku_id": "a", "units": 9999.0, "gmv": 9999.0}])
    deliver_to(workspace, "merchants", [{**shop, "category": "garden", "status": "closed"}])
    deliver_to(workspace, "products", [{**shop, "sku_id": "c", "status": "listed"}])
    deliver_to(workspace, "plans", [{**shop, "sku_id": "", "date": later, "promotion": 1.0, "open": False}])
    event = {"event_id": "e1", "name": "Double 11 2026", "phase": "peak", "known_on": later}
    deliver_to(workspace, "events", [{**event, "starts_on": later, "ends_on": later}])
    day = Day(workspace, AS_OF)
    forecasts(day)
    for table in TABLES:
        keys = [
            name
            for name in (
                "merchant_id",
                "sku_id",
                "measure",
                "segment",
                "model",
                "horizon",
                "days",
                "event_id",
                "target_date",
                "date",
            )
            if name in read(navigated, table)
        ]
        one, other = (read(one, table).sort_values(keys, ignore_index=True) for one in (navigated, day))
        pd.testing.assert_frame_equal(one, other[one.columns])


def test_the_size_of_blocks_changes_nothing(navigated: Day, make_platform: Any, tmp_path: Any) -> None:
    day = Day(make_platform(tmp_path / "blocks", config="block_merchants: 1\n"), AS_OF)
    assert len(day.blocks()) == 2
    forecasts(day)
    keys = ["merchant_id", "measure", "target_date"]
    one, other = (read(one, "volume_forecast").sort_values(keys, ignore_index=True) for one in (navigated, day))
    pd.testing.assert_frame_equal(one, other[one.columns], rtol=1e-9)


def test_a_platform_that_delivers_sales_only_has_no_orders_and_no_visitors(make_platform: Any, tmp_path: Any) -> None:
    day = Day(make_platform(tmp_path / "sales", feeds_given=("sales",)), AS_OF)
    forecasts(day)
    assert set(read(day, "volume_forecast")["measure"]) == {"units", "gmv"}


def test_a_platform_without_any_volume_writes_empty_tables(make_platform: Any, tmp_path: Any) -> None:
    day = Day(make_platform(tmp_path / "empty", feeds_given=()), AS_OF)
    written = forecasts(day)
    assert written["event_calendar"] > 0
    assert {table: rows for table, rows in written.items() if table != "event_calendar"} == dict.fromkeys(TABLES[1:], 0)


@pytest.mark.parametrize("as_of", [date(2026, 7, 3), date(2026, 7, 20)])
def test_the_first_days_of_a_platform_can_be_navigated(make_platform: Any, tmp_path: Any, as_of: date) -> None:
    day = Day(make_platform(tmp_path / "young"), as_of)
    forecasts(day)
    made = read(day, "volume_forecast")
    assert made[["mean", *QUANTILES]].notna().all(axis=None)


def test_prophet_serves_whom_the_analyst_names(make_platform: Any, tmp_path: Any) -> None:
    config = "forecast:\n  prophet_merchants: [m05]\n  prophet_options: {uncertainty_samples: 50}\n"
    day = Day(make_platform(tmp_path / "prophet", config=config, feeds_given=("storefront",)), AS_OF)
    forecasts(day)
    made = read(day, "volume_forecast")
    assert set(made.loc[made["merchant_id"] == "m05", "model"]) == {"prophet"}
    assert set(made.loc[made["merchant_id"] != "m05", "model"]) == {"ensemble"}
    sums = read(day, "volume_forecast_sum").query("merchant_id == 'm05' and measure == 'orders' and days == '7'")
    week = made.query("merchant_id == 'm05' and measure == 'orders'").head(7)
    assert sums["mean"].iloc[0] == pytest.approx(week["mean"].sum())
