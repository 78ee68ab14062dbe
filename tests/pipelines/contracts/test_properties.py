"""Whatever mix of good and bad rows comes in whatever format and order: nothing is lost, nothing is invented.

Few examples by default; MERCHANT_GPS_EXAMPLES asks for more, and the faults suite runs a dozen of each.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.contracts.manifest import Entry, read_manifest
from pipelines.workspace import Workspace

DAY = date(2026, 10, 1)
COLUMNS = tuple(feeds()["storefront"].columns)
NUMBERS = COLUMNS[2:]
FORMATS = ("csv", "csv.gz", "parquet")
FEW, MANY = int(os.environ.get("MERCHANT_GPS_EXAMPLES", "3")), 12
OPTIONS: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
Row = tuple[str | None, ...]

days = st.integers(0, 90).map(lambda back: (DAY - timedelta(days=back)).isoformat())
merchants = st.sampled_from(["m1", "m2", "商家", 'qu"ote', "com,ma"])
counts = st.one_of(st.none(), st.integers(0, 10**12).map(str))


@st.composite
def good_rows(draw: st.DrawFn) -> Row:
    """A row that the contract accepts."""
    visitors, views, carts = draw(counts), draw(counts), draw(counts)
    orders = draw(st.integers(0, 1000))
    buyers = draw(st.one_of(st.none(), st.integers(0, orders).map(str)))
    return draw(days), draw(merchants), visitors, views, carts, str(orders), buyers


@st.composite
def bad_rows(draw: st.DrawFn) -> Row:
    """A row with one fault that every format can carry."""
    row = list(draw(good_rows()))
    row[1] = "m1"
    place, value = draw(st.sampled_from([
        (0, "yesterday"), (0, None), (0, "2026-10-02"), (0, "2026-02-30"), (0, "2026-10-01T00:00:00Z"), (0, "epoch"),
        (1, None), (1, "m" * 129), (2, "-3"), (2, "2.5"), (2, "many"), (2, "inf"), (2, "1e400"),
        (2, "1e17"), (6, "1001"),
    ]))  # fmt: skip
    row[place] = value
    return tuple(row)


def files_of_rows() -> st.SearchStrategy[list[tuple[str, list[Row]]]]:
    """Files in any format, each with good rows of different keys and bad ones, mixed."""
    good = st.lists(good_rows(), max_size=8, unique_by=lambda row: (row[0], row[1]))
    mixed = st.tuples(good, st.lists(bad_rows(), max_size=4)).flatmap(
        lambda both: st.permutations([*both[0], *both[1]])
    )
    return st.lists(st.tuples(st.sampled_from(FORMATS), mixed), min_size=1, max_size=3)


def written(folder: Path, number: int, form: str, rows: list[Row]) -> Path:
    """Write one file of `storefront`."""
    path = folder / f"2026-10-01-{number}.{form}"
    if form == "parquet":
        columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
        pq.write_table(
            pa.table({name: pa.array(values, pa.string()) for name, values in zip(COLUMNS, columns, strict=True)}), path
        )
        return path
    cells = [['"' + cell.replace('"', '""') + '"' if cell else "" for cell in row] for row in rows]
    text = "\n".join([",".join(COLUMNS), *(",".join(row) for row in cells)]) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if form == "csv.gz" else text.encode())
    return path


@dataclass(frozen=True)
class Outcome:
    """What a lake says after reading."""

    entries: dict[str, Entry]
    lake: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    held: list[dict[str, Any]]

    def values(self) -> set[tuple[Any, ...]]:
        """Accepted rows without where they came from."""
        return {tuple(row[name] for name in COLUMNS) for row in self.lake}


def outcome(workspace: Workspace) -> Outcome:
    """Read what is new and return what the lake holds then."""
    ingest(workspace)
    return Outcome(
        read_manifest(workspace.lake, "storefront").newest,
        *(workspace.lake.read(table).to_pylist() for table in ("storefront", "rejected_rows", "held_rows")),
    )


def workspace_in(folder: str, *names: str) -> Workspace:
    """A workspace that knows merchants and puts no file aside for its share of bad rows."""
    workspace = Workspace.at(folder)
    (workspace.home / "config.yaml").write_text("buckets: 2\ningest: {max_reject_share: 1.0}\n")
    landing = workspace.landing / "merchants"
    landing.mkdir(parents=True)
    rest = "," * (len(feeds()["merchants"].columns) - 1)
    rows = ['"' + name.replace('"', '""') + '"' + rest for name in names]
    (landing / "2026-09-01.csv").write_text("\n".join([",".join(feeds()["merchants"].columns), *rows]) + "\n")
    (workspace.landing / "storefront").mkdir()
    return workspace


def expected(row: Row) -> tuple[Any, ...]:
    return (date.fromisoformat(row[0] or ""), row[1], *(None if cell is None else int(cell) for cell in row[2:]))


def is_good(row: Row) -> bool:
    try:
        made = expected(row)
    except ValueError:
        return False
    return (row[1] or "m" * 129) in ("m1", "m2", "商家", 'qu"ote', "com,ma") and made[0] <= DAY and (
        all(cell is None or 0 <= cell < 9e15 for cell in made[2:]) and (made[6] is None or made[6] <= made[5])
    )  # fmt: skip


def check_that_nothing_is_lost(files: list[tuple[str, list[Row]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_in(folder, "m1", "m2", "商家", 'qu"ote', "com,ma")
        names = [written(workspace.landing / "storefront", *numbered).name
                 for numbered in ((number, form, rows) for number, (form, rows) in enumerate(files))]  # fmt: skip
        first = outcome(workspace)
        again = outcome(workspace)
        for path in (workspace.landing / "storefront").iterdir():  # the same content, written anew
            os.utime(path, ns=(1, 1))
        touched = outcome(workspace)
    for name, (_, rows) in zip(names, files, strict=True):
        entry = first.entries[name]
        good = [row for row in rows if is_good(row)]
        assert entry.balanced
        assert (entry.read, entry.held, entry.rejected) == (len(rows), 0, len(rows) - len(good)), entry
        assert entry.accepted + entry.unchanged == len(good)
        assert entry.accepted == sum(row["file"] == name for row in first.lake)
        assert entry.rejected == sum(row["file"] == name for row in first.rejected)
    assert {expected(row) for _, rows in files for row in rows if is_good(row)} == first.values()
    lines = Counter((row["file"], row["line"]) for row in [*first.lake, *first.rejected, *first.held])
    assert max(lines.values(), default=1) == 1
    assert (again.lake, again.rejected) == (first.lake, first.rejected)
    assert (touched.lake, touched.rejected) == (first.lake, first.rejected)


def check_that_order_does_not_matter(rows: list[Row], shuffled: list[Row], forms: tuple[str, str]) -> None:
    seen = []
    for form, ordered in zip(forms, (rows, shuffled), strict=True):
        with tempfile.TemporaryDirectory() as folder:
            workspace = workspace_in(folder, "m1", "m2", "商家", 'qu"ote', "com,ma")
            written(workspace.landing / "storefront", 0, form, ordered)
            made = outcome(workspace)
        (entry,) = made.entries.values()
        rules = Counter((row["rule"], row["column"]) for row in made.rejected)
        seen.append((made.values(), rules, entry.read, entry.accepted, entry.unchanged, entry.held, entry.rejected))
    assert seen[0] == seen[1]


@st.composite
def two_orders(draw: st.DrawFn) -> tuple[list[Row], list[Row], tuple[str, str]]:
    """Rows, some of them twice or with another value, in two orders and two formats."""
    rows = draw(st.lists(st.one_of(good_rows(), good_rows(), bad_rows()), min_size=1, max_size=10))
    rows += draw(st.lists(st.sampled_from(rows), max_size=3))
    return rows, draw(st.permutations(rows)), (draw(st.sampled_from(FORMATS)), draw(st.sampled_from(FORMATS)))


def check_that_held_rows_come_back(rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_in(folder, "m1")
        written(workspace.landing / "storefront", 0, "csv", rows)
        before = outcome(workspace)
        late = ",".join(feeds()["merchants"].columns)
        rest = "," * (len(feeds()["merchants"].columns) - 1)
        others = "\n".join('"' + name.replace('"', '""') + '"' + rest for name in ("m2", "商家", 'qu"ote', "com,ma"))
        (workspace.landing / "merchants" / "2026-10-02.csv").write_text(f"{late}\n{others}\n")
        after = outcome(workspace)
    (waiting,), (done,) = before.entries.values(), after.entries.values()
    unknown = [row for row in rows if row[1] != "m1"]
    assert (waiting.held, waiting.accepted) == (len(unknown), len(rows) - len(unknown))
    assert (done.held, done.accepted, after.held) == (0, len(rows), [])
    assert after.values() == {expected(row) for row in rows}


unique_good = st.lists(good_rows(), min_size=1, max_size=8, unique_by=lambda row: (row[0], row[1]))


@settings(max_examples=FEW, **OPTIONS)
@given(files_of_rows())
def test_every_row_is_accounted_for_and_every_good_one_arrives(files):
    check_that_nothing_is_lost(files)


@settings(max_examples=FEW, **OPTIONS)
@given(two_orders())
def test_neither_order_nor_format_matters(case):
    check_that_order_does_not_matter(*case)


@settings(max_examples=FEW, **OPTIONS)
@given(unique_good)
def test_rows_of_unknown_merchants_come_back_when_these_are_known(rows):
    check_that_held_rows_come_back(rows)


@pytest.mark.faults
@pytest.mark.timeout(0)
@settings(max_examples=MANY, **OPTIONS)
@given(files_of_rows(), two_orders(), unique_good)
def test_all_of_it_many_times(files, case, rows):
    check_that_nothing_is_lost(files)
    check_that_order_does_not_matter(*case)
    check_that_held_rows_come_back(rows)
