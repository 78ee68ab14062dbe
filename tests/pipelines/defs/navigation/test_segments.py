from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd

from pipelines.day import Day
from pipelines.defs.navigation.segments import segments

AS_OF = date(2026, 10, 30)


def test_every_merchant_gets_a_row_from_what_was_known(day: Day, deliver: Callable, write_mart: Callable) -> None:
    known = AS_OF - timedelta(days=1)
    deliver(
        "merchants", known,
        {"merchant_id": "big", "opened_on": date(2020, 1, 1), "account_manager": "Ann"},
        {"merchant_id": "new", "opened_on": AS_OF - timedelta(days=10)},
        {"merchant_id": "silent"},
    )  # fmt: skip
    write_mart("merchant_day", *(
        {"date": AS_OF - timedelta(days=back), "merchant_id": merchant, "sales_units": units, "sales_gmv": 10 * units}
        for back in range(70) for merchant, units in (("big", 100.0), ("new", 1.0))
    ))  # fmt: skip
    assert segments(day) == {"segments": 3}
    found = day.lake.read("segments").to_pandas().set_index("merchant_id")
    assert found.loc["big", ["growth_stage", "size_class", "account_manager"]].tolist() == ["mature", "key", "Ann"]
    assert found.loc["big", "trailing_value"] == 70_000
    assert found.loc["new", ["growth_stage", "size_class"]].tolist() == ["new", "small"]
    assert pd.isna(found.loc["silent", "size_class"])
    assert pd.isna(found.loc["silent", "growth_stage"])
