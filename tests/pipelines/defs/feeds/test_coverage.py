"""Which days have arrived, as signs that an analyst reads at a glance."""

from __future__ import annotations

from datetime import date

from pipelines.contracts.manifest import Entry, read_manifest
from pipelines.defs.feeds.coverage import coverage


def entry(day, **more):
    name = f"2026-{day:%m-%d}.csv"
    return Entry("sales", name, 1, "x", 1, 1, **{"status": "accepted", "known_on": day, **more})


def test_gaps_refused_files_and_bad_rows_are_seen(workspace):
    days = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 3), date(2026, 10, 4)]
    read_manifest(workspace.lake, "sales").write([
        entry(days[0], read=5, accepted=5),
        entry(days[1], read=5, accepted=4, rejected=1),
        entry(days[2], read=9, status="quarantined", rejected=9, message="sales/2026-10-01.csv: no"),
        entry(days[3], read=5, accepted=5),
        entry(days[4], read=1200, accepted=1200),
    ])  # fmt: skip
    seen = coverage(workspace.lake, "sales")
    assert seen.missing == [date(2026, 10, 1), date(2026, 10, 2)]
    assert [one.file for one in seen.aside] == ["2026-10-01.csv"]
    assert seen.unbalanced == []
    assert (seen.total("read"), seen.total("accepted"), seen.total("rejected")) == (1224, 1214, 10)
    lines = seen.table().splitlines()
    assert lines[2:4] == ["| 2026-09 | `█▒` | 2 | 9 | 1 |", "| 2026-10 | `✗·██` | 3 | 1,205 | 9 |"]


def test_a_file_that_was_never_closed_and_a_lost_row_are_unbalanced(workspace):
    read_manifest(workspace.lake, "sales").write(
        [entry(date(2026, 10, 1), status="started"), entry(date(2026, 10, 2), read=3)]
    )
    assert len(coverage(workspace.lake, "sales").unbalanced) == 2


def test_a_feed_without_files_or_with_history_alone(workspace):
    assert coverage(workspace.lake, "sales").missing == []
    history = Entry("sales", "history.csv", 1, "x", 1, 1, status="accepted", read=7, accepted=7)
    read_manifest(workspace.lake, "sales").write([history])
    assert coverage(workspace.lake, "sales").table() == "1 files without a day of delivery, 7 rows accepted"
