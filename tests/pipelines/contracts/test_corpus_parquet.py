"""A corpus of odd Parquet files: which types stand for the contract's, and what the others cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.contracts.feeds import feeds

DAY = date(2026, 10, 1)
BASE = {
    "date": pa.array([DAY, DAY]), "merchant_id": pa.array(["m1", "m2"]), "visitors": pa.array([9, 9]),
    "page_views": pa.array([20, 20]), "carts": pa.array([3, 3]), "orders": pa.array([2, 2]), "buyers": pa.array([2, 2]),
}  # fmt: skip
NAME = "2026-10-01.parquet"


@dataclass(frozen=True)
class Case:
    counts: tuple[int, int, int, int]  # accepted, unchanged, held, rejected of two rows
    message: str = ""
    columns: dict[str, Any] = field(default_factory=dict)  # None takes a column out
    aside: bool = False


def one(name: str, values: pa.Array, *counts: int, message: str = "") -> Case:
    """A column of another type that can be read."""
    return Case(counts, message, {name: values})


def refused(name: str, values: pa.Array | None, message: str) -> Case:
    """A column for which the file is put aside."""
    return Case((0, 0, 0, 2), message, {name: values}, aside=True)


def times(kind: pa.DataType, hour: int = 0) -> pa.Array:
    return pa.array([datetime(2026, 10, 1, hour)] * 2, kind)


NOT_UTF8 = pa.Array.from_buffers(pa.string(), 2, pa.array([b"m\xe9", b"m2"]).buffers())
CASES = {
    "as the contract says": Case((2, 0, 0, 0)),
    "other order": Case((2, 0, 0, 0), columns=dict(reversed(BASE.items()))),
    "missing column": refused("carts", None, "column 'carts' missing; add column 'carts' (it may be empty)"),
    # figures
    "figures as text": one("visitors", pa.array(["9", "many"]), 1, 0, 0, 1, message="column 'visitors': not_a_number"),
    "figures as decimals": one("visitors", pa.array([Decimal("9.0"), Decimal("9.5")]), 1, 0, 0, 1, message="not_whole"),
    "figures as very wide decimals": one("visitors", pa.array([Decimal(1), None], pa.decimal256(60, 2)), 2, 0, 0, 0),
    "figures as floats": one("visitors", pa.array([9.0, float("nan")]), 2, 0, 0, 0),
    "infinite": one("visitors", pa.array([9.0, float("inf")]), 1, 0, 0, 1, message="not_finite"),
    "half floats": one("visitors", pa.array([1.5, 2.0], pa.float16()), 1, 0, 0, 1, message="not_whole"),
    "negative": one("visitors", pa.array([1, -2], pa.int8()), 1, 0, 0, 1, message="negative"),
    "more than figures are exact": one("visitors", pa.array([2**64 - 1, 3], pa.uint64()), 1, 0, 0, 1, message="9e15"),
    "true and false for figures": one("visitors", pa.array([True, False]), 2, 0, 0, 0),
    "figures in a dictionary": one("visitors", pa.array([9, 8]).dictionary_encode(), 2, 0, 0, 0),
    "nothing known": one("visitors", pa.nulls(2), 2, 0, 0, 0),
    "figures as days": refused("visitors", BASE["date"], "'visitors' holds date32[day]; expected: whole numbers"),
    "figures as durations": refused("visitors", pa.array([1, 2], pa.duration("s")), "expected: whole numbers"),
    "figures as bytes": refused("visitors", pa.array([b"9", b"8"]), "column 'visitors' holds binary"),
    "figures in lists": refused("visitors", pa.array([[1], [2]]), "column 'visitors' holds list"),
    "figures in records": refused("visitors", pa.array([{"a": 1}] * 2), "column 'visitors' holds struct"),
    "figures in maps": refused("visitors", pa.array([[("a", 1)]] * 2, pa.map_(pa.string(), pa.int64())), "holds map"),
    # words
    "ids as numbers": one("merchant_id", pa.array([1, 2]), 0, 0, 2, 0),
    "ids in a dictionary": one("merchant_id", BASE["merchant_id"].dictionary_encode(), 2, 0, 0, 0),
    "ids as large text": one("merchant_id", BASE["merchant_id"].cast(pa.large_string()), 2, 0, 0, 0),
    "ids as floats": refused("merchant_id", pa.array([1.0, 2.0]), "column 'merchant_id' holds double; expected: text"),
    "ids as bytes": refused("merchant_id", pa.array([b"m1", b"m2"]), "column 'merchant_id' holds binary"),
    "ids as days": refused("merchant_id", BASE["date"], "column 'merchant_id' holds date32"),
    "no ids": one("merchant_id", pa.nulls(2), 0, 0, 0, 2, message="column 'merchant_id': missing"),
    "NUL in an id": one("merchant_id", pa.array(["m\0", "m2"]), 1, 0, 0, 1, message="take the NUL bytes out"),
    "an id of 3 MB": one("merchant_id", pa.array(["m" * 3_000_000, "m2"]), 1, 0, 0, 1, message="write shorter ids"),
    "an id that is not UTF-8": one("merchant_id", NOT_UTF8, 1, 0, 0, 1, message="column 'merchant_id': not_utf8"),
    # days
    "days as text": one("date", pa.array(["2026-10-01", "01.10.2026"]), 1, 0, 0, 1, message="write dates as 2026-"),
    "days as text with a zone": one("date", pa.array(["2026-10-01", "2026-10-01T00:00Z"]), 1, 0, 0, 1, message="zone"),
    "days as times": one("date", times(pa.timestamp("us"), 13), 2, 0, 0, 0),
    "days as times in nanoseconds": one("date", times(pa.timestamp("ns")), 2, 0, 0, 0),
    "days as 64 bits": one("date", pa.array([DAY, DAY], pa.date64()), 2, 0, 0, 0),
    "days far away": one("date", pa.array([date(1, 1, 1), date(9999, 12, 31)]), 0, 0, 0, 2, message="not_a_date"),
    "no day": one("date", pa.array([None, DAY]), 1, 0, 0, 1, message="column 'date': missing"),
    "times of a zone": refused("date", times(pa.timestamp("us", "UTC")), "write platform time, without a zone"),
    "times of a zone in a dictionary": refused("date", times(pa.timestamp("us", "UTC")).dictionary_encode(), "zone"),
    "days as numbers": refused("date", pa.array([20261001] * 2), "holds int64; expected: a date such as 2026-10-31"),
    # columns beyond the contract
    "extra record": one("extra", pa.array([{"a": 1}, {"a": 2}]), 2, 0, 0, 0),
    "extra wide decimal": one("extra", pa.array([Decimal(1), None], pa.decimal256(60, 2)), 2, 0, 0, 0),
    "extra column with a hostile name": one('a"; DROP TABLE typed; --', pa.array([1, 2]), 2, 0, 0, 0),
    "extra column of the reader's": refused("Line", pa.array([1, 2]), "'Line' has a name that the reader needs"),
    "the same column in capitals": refused("ORDERS", pa.array([1, 2]), "column 'orders' stands twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_an_odd_parquet_file_costs(ready, case):
    columns = {name: values for name, values in {**case.columns, **BASE, **case.columns}.items() if values is not None}
    path = ready.workspace.landing / "storefront" / NAME
    path.parent.mkdir()
    pq.write_table(pa.table(columns), path)
    report = ready.ingest()
    entry = ready.entry("storefront", NAME)
    assert (entry.accepted, entry.unchanged, entry.held, entry.rejected) == case.counts, entry.message
    assert (entry.read, entry.balanced) == (2, True)
    assert entry.status == ("quarantined" if case.aside else "accepted")
    assert case.message in entry.message
    assert len(report.complaints) == bool(entry.message)
    if not case.aside:
        assert len(ready.rows("rejected_rows", "line", "raw")) == entry.rejected


def test_flags_are_0_or_1_whatever_their_type(ready):
    row = {"date": DAY, "sku_id": ""}
    flags = [
        {**row, "merchant_id": f"m{number + 1}", "open": value} for number, value in enumerate((0, 1, 7, -1, None))
    ]
    ready.parquet("plans", NAME, flags, open=pa.int64())
    ready.ingest()
    assert ready.rows("plans", "merchant_id", "open") == [("m1", False), ("m2", True), ("m5", None)]
    assert ready.rows("rejected_rows", "line", "column", "rule") == [
        (3, "open", "not_a_flag"), (4, "open", "not_a_flag"),
    ]  # fmt: skip


def test_no_rows_are_no_mistake(ready):
    ready.parquet("storefront", NAME, [])
    assert ready.ingest().complaints == ()
    assert ready.entry("storefront", NAME).status == "accepted"


@pytest.mark.parametrize("cut", [4, 30, 300])
def test_a_cut_file_costs_nothing_but_itself(ready, cut):
    path = ready.parquet("storefront", NAME, [{"date": DAY, "merchant_id": "m1"}])
    path.write_bytes(path.read_bytes()[:-cut])
    ready.parquet("storefront", "2026-10-02.parquet", [{"date": DAY, "merchant_id": "m1"}])
    report = ready.ingest().feeds["storefront"]
    assert (report.accepted, len(report.quarantined)) == (1, 1)
    assert "is not a readable Parquet file" in report.quarantined[0]
    assert "deliver the file again, whole" in report.quarantined[0]


def test_damage_in_the_middle_is_found_by_the_engine(ready):
    rows = [{"date": DAY, "merchant_id": f"m{number}"} for number in range(1, 7)]
    path = ready.parquet("storefront", NAME, rows)
    data = bytearray(path.read_bytes())
    data[4:60] = bytes(56)  # page headers, which only a reader of rows looks at
    path.write_bytes(bytes(data))
    ready.parquet("storefront", "2026-10-02.parquet", rows)
    report = ready.ingest().feeds["storefront"]
    assert (report.read, report.accepted, report.rejected, report.balanced) == (12, 6, 6, True)
    assert report.quarantined[0].startswith(f"storefront/{NAME}: cannot be read (")


def test_every_column_of_every_feed_can_be_nothing_but_unknown(ready):
    for name, feed in feeds().items():
        path = ready.workspace.landing / name / NAME
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table({column: pa.nulls(1) for column in feed.columns}), path)
    report = ready.ingest()
    assert {name: one.rejected for name, one in report.feeds.items()} == dict.fromkeys(feeds(), 1)
    assert all(one.balanced for one in report.feeds.values())
