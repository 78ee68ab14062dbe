"""Whatever mix of good and bad rows comes in whatever format: nothing is lost, nothing is invented."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.contracts.manifest import read_manifest
from pipelines.workspace import Workspace

DAY = date(2026, 10, 1)
HEADER = ",".join(feeds()["storefront"].columns)
COUNT = st.one_of(st.integers(0, 50).map(str), st.sampled_from(["", "-3", "2.5", "many", "inf", "nan", "1e2"]))


def row(day, merchant, values):
    return ",".join([day, merchant, *values])


GOOD_OR_BAD = st.builds(
    row,
    st.one_of(
        st.integers(0, 95).map(lambda days: (DAY - timedelta(days=days)).isoformat()),
        st.sampled_from(["", "yesterday", "2026-10-02"]),
    ),
    st.sampled_from(["m1", "m2", "unknown", "", "m" * 129]),
    st.lists(COUNT, min_size=5, max_size=5),
)
BROKEN = st.sampled_from(
    ["2026-10-01,m1", "2026-10-01,m1,1,1,1,1,1,1", '2026-10-01,"m1,1,1,1,1,1', "2026-10-01,m\x001,1,1,1,1,1"]
)


def count_lines(text):
    return sum(bool(line.strip()) for line in text.split("\n")) - 1


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(st.one_of(GOOD_OR_BAD, GOOD_OR_BAD, GOOD_OR_BAD, BROKEN), max_size=12), min_size=1, max_size=3)
)
def test_every_row_is_accounted_for(files):
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.at(folder)
        merchants = Path(folder) / "landing" / "merchants" / "2026-09-01.csv"
        merchants.parent.mkdir(parents=True)
        merchants.write_text(",".join(feeds()["merchants"].columns) + "\nm1,,,,,,,,,,\nm2,,,,,,,,,,\n")
        shops = Path(folder) / "landing" / "storefront"
        shops.mkdir()
        for number, rows in enumerate(files):
            (shops / f"2026-10-01-{number}.csv").write_text("\n".join([HEADER, *rows]) + "\n", newline="")
        ingest(workspace)
        entries = read_manifest(workspace.lake, "storefront").newest
        lake = workspace.lake.read("storefront").to_pylist()
        rejected = workspace.lake.read("rejected_rows").to_pylist()
        held = workspace.lake.read("held_rows").to_pylist()
    assert sum(entry.read for entry in entries.values()) == sum(len(rows) for rows in files)
    for name, entry in entries.items():
        assert entry.balanced
        assert entry.accepted == sum(kept["file"] == name for kept in lake)
        if entry.status == "accepted":
            assert entry.rejected == sum(kept["file"] == name for kept in rejected)
            assert entry.held == sum(kept["file"] == name for kept in held)
    assert {kept["merchant_id"] for kept in lake} <= {"m1", "m2"}
    for kept in lake:
        assert DAY - timedelta(days=90) <= kept["date"] <= DAY
        numbers = [kept[name] for name in ("visitors", "page_views", "carts", "orders", "buyers")]
        assert all(value is None or value >= 0 for value in numbers)
        assert kept["buyers"] is None or kept["orders"] is None or kept["buyers"] <= kept["orders"]
    lines = [(kept["file"], kept["line"]) for kept in [*lake, *rejected, *held]]
    assert len(lines) == len(set(lines))
