"""Arrays become rows in the order of merchants and dates."""

from __future__ import annotations

from datetime import date

import numpy as np

from models.forecasting.predict import Forecast
from pipelines.defs.forecasts.rows import constant, flat, forecast_columns, repeated, table_of


def test_rows_of_two_merchants_and_two_days() -> None:
    mean = np.array([[1.0, 2.0], [3.0, np.nan]])
    forecast = Forecast(mean, np.stack([mean + place for place in range(7)]))
    dates = np.array(["2026-10-31", "2026-11-01"], dtype="datetime64[D]")
    keys = {"made_on": date(2026, 10, 30), "measure": "orders", "horizon": 1}
    table = table_of(keys, np.array(["a", "b"], dtype=object), dates, "target_date", forecast_columns(forecast))
    rows = table.to_pylist()
    assert [(row["merchant_id"], row["target_date"].day, row["mean"]) for row in rows] == [
        ("a", 31, 1.0),
        ("a", 1, 2.0),
        ("b", 31, 3.0),
        ("b", 1, None),
    ]
    assert rows[0]["q025"] == 1.0
    assert rows[0]["q975"] == 7.0
    assert {row["measure"] for row in rows} == {"orders"}


def test_nan_becomes_null_and_texts_repeat() -> None:
    assert flat(np.array([[np.nan, 1.0]])).to_pylist() == [None, 1.0]
    assert repeated(np.array(["x", "y"], dtype=object), 2).to_pylist() == ["x", "x", "y", "y"]


def test_a_constant_has_its_type() -> None:
    import pyarrow as pa

    assert constant(3, pa.int64(), 2).to_pylist() == [3, 3]
