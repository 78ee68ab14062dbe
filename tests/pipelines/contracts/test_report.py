"""Sums over files and feeds."""

from __future__ import annotations

from datetime import date

from pipelines.contracts.manifest import Entry
from pipelines.contracts.report import FeedReport, IngestReport

GOOD = Entry(
    "sales", "a.csv", 1, "", 1, 1, status="accepted", read=5, accepted=3, unchanged=1, rejected=1, message="one row"
)
ASIDE = Entry("sales", "b.csv", 1, "", 1, 1, status="quarantined", read=2, rejected=2, message="sales/b.csv: no")


def test_batches_add_up():
    day = date(2026, 10, 1)
    report = FeedReport("sales").with_batch([GOOD], frozenset({day})).with_batch([ASIDE])
    assert (report.files, report.read, report.accepted, report.unchanged, report.rejected) == (2, 7, 3, 1, 3)
    assert report.quarantined == ("sales/b.csv: no",)
    assert report.messages == ("sales/a.csv: one row",)
    assert report.dates == frozenset({day})
    assert report.balanced
    whole = IngestReport({"sales": report, "stock": FeedReport("stock")})
    assert (whole.read, whole.changed, whole.quarantined) == (7, True, ("sales/b.csv: no",))


def test_a_lost_row_is_seen():
    lost = Entry("sales", "a.csv", 1, "", 1, 1, status="accepted", read=5, accepted=4)
    assert not FeedReport("sales").with_batch([lost]).balanced
    assert not IngestReport({}).changed
