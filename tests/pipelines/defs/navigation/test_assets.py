from __future__ import annotations

from collections.abc import Callable
from datetime import date

import dagster as dg
import pyarrow as pa

from pipelines.day import Day
from pipelines.defs.navigation.assets import (
    OVERVIEWS,
    as_markdown,
    desk_plan,
    merchant_prompts,
    merchant_segments,
    overview,
    product_plan,
)


def test_assets_are_the_tables_and_come_after_what_they_read() -> None:
    keys = {asset.key.to_user_string() for asset in (merchant_segments, product_plan, merchant_prompts)}
    assert keys | {"staffing_plan", "service_quality"} == set(OVERVIEWS)
    assert {key.to_user_string() for key in desk_plan.keys} == {"service_forecast", "service_quality", "staffing_plan"}
    read = {key.to_user_string() for key in product_plan.asset_deps[dg.AssetKey("replenishment_plan")]}
    assert {"products", "sku_day", "sku_forecast", "inbound"} <= read


def test_the_overview_of_a_day(day: Day, write_made: Callable) -> None:
    write_made("segments", {"merchant_id": "m1", "growth_stage": "new", "size_class": "key"}, {"merchant_id": "m2"})
    shown = overview("segments")(day)["segments"]["overview"].value
    assert "| new | 1 | 0 | 0 | 1 |" in shown
    assert "| not known | 0 | 0 | 0 | 1 |" in shown
    for table in ("replenishment_plan", "staffing_plan", "service_quality", "prompts"):
        assert overview(table)(day)[table]["overview"].value.count("\n") == 1


def test_names_cannot_break_out_of_a_cell() -> None:
    table = pa.table({"name": ["a|b\nc", None], "day": [date(2026, 1, 1), None], "worth": [1234.5, None]})
    assert as_markdown(table).splitlines()[2:] == ["| a\\|b c | 2026-01-01 | 1,234 |", "|  |  |  |"]
