"""Raw values become typed ones, or NULL where they cannot be read."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pytest

from pipelines.contracts.expressions import hashes, parse, stored
from pipelines.contracts.feeds import FeedColumn, feeds


def parsed(kind, value, **more):
    column = FeedColumn(type=kind, description="d", **more)
    sql = f"SELECT {stored('x', column)} FROM (SELECT {parse('x', column)} AS x FROM (SELECT $value AS x) AS raw)"
    return duckdb.connect().execute(sql, {"value": value}).fetchall()[0][0]


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("count", "12", 12), ("count", "1e3", 1000), ("count", "x", None), ("count", 3, 3), ("count", "nan", None),
        ("decimal", "1.25", 1.25), ("decimal", "1,5", None), ("decimal", float("nan"), None), ("decimal", True, 1.0),
        ("date", "2026-10-01", date(2026, 10, 1)), ("date", "01.10.2026", None), ("date", "1066-10-14", None),
        ("date", datetime(2026, 10, 1, 23), date(2026, 10, 1)), ("date", "infinity", None),
        ("timestamp", "2026-10-01 09:30:00", datetime(2026, 10, 1, 9, 30)), ("timestamp", "soon", None),
        ("flag", "true", True), ("flag", "0", False), ("flag", "perhaps", None),
        ("id", "007", "007"), ("id", 7, "7"), ("id", "", None), ("text", " x ", " x "),
    ],
)  # fmt: skip
def test_parse(kind, raw, value):
    assert parsed(kind, raw) == value


def test_defaults_stand_for_empty_values():
    assert parsed("id", None, default="") == ""
    assert parsed("choice", "", values=("open", "closed"), default="open") == "open"
    assert parsed("choice", "closed", values=("open", "closed"), default="open") == "closed"


def test_hashes_tell_keys_and_values_apart():
    feed = feeds()["storefront"]
    base = {"date": date(2026, 10, 1), "merchant_id": "m1", "visitors": 1, "page_views": None, "carts": 1, "orders": 1,
            "buyers": 1}  # fmt: skip

    def of(**changes):
        row = base | changes
        columns = ", ".join(f'CAST(${name} AS {"DATE" if name == "date" else "VARCHAR"}) AS "{name}"' for name in row)
        return duckdb.connect().execute(f"SELECT {hashes(feed)} FROM (SELECT {columns})", row).fetchall()[0]

    key, values = of()
    assert of() == (key, values)
    assert of(visitors=2)[0] == key
    assert of(visitors=2)[1] != values
    assert of(visitors=None, page_views=1)[1] != values
    assert of(merchant_id="m2")[0] != key
