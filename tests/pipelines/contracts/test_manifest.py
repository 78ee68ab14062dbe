"""Which files are work: new, corrected and half-read ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipelines.contracts.landing import landing_files
from pipelines.contracts.manifest import Entry, quoted, read_manifest

D1, D3 = date(2026, 10, 1), date(2026, 10, 3)


def files(landing):
    return landing_files(landing.workspace.landing, "sales")


def test_a_file_is_work_until_its_entry_is_closed(landing):
    landing.csv("sales", "2026-10-01.csv")
    lake = landing.workspace.lake
    manifest = read_manifest(lake, "sales")
    (work,) = manifest.work(files(landing), D3)
    assert (work.entry.delivery, work.entry.known_on, work.seen_before) == (1, D1, False)
    manifest.write([work.entry])
    (again,) = read_manifest(lake, "sales").work(files(landing), D3)
    assert (again.entry.delivery, again.seen_before) == (1, True)
    manifest.write([replace(work.entry, status="accepted")])
    assert read_manifest(lake, "sales").work(files(landing), D3) == []
    assert lake.read("ingested_files").num_rows == 1


def test_another_content_is_another_delivery(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv")
    manifest = read_manifest(landing.workspace.lake, "sales")
    (work,) = manifest.work(files(landing), D1)
    manifest.write([replace(work.entry, status="accepted")])
    landing.csv("sales", "2026-10-01.csv", make_sale())
    (corrected,) = manifest.work(files(landing), D3)
    assert (corrected.entry.delivery, corrected.entry.known_on, corrected.entry.label) == (2, D3, "2026-10-01.csv#02")
    manifest.write([replace(corrected.entry, status="accepted")])
    assert landing.rows("ingested_files", "delivery", "status") == [(1, "accepted"), (2, "accepted")]
    assert read_manifest(landing.workspace.lake, "sales").newest["2026-10-01.csv"].delivery == 2


def test_feeds_do_not_see_each_others_files(landing):
    entry = Entry("sales", "2026-10-01.csv", 1, "x", 1, 1, status="accepted")
    read_manifest(landing.workspace.lake, "sales").write([entry])
    assert read_manifest(landing.workspace.lake, "stock").newest == {}


def test_a_file_is_read_again_only_with_the_content_it_had(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv")
    manifest = read_manifest(landing.workspace.lake, "sales")
    (work,) = manifest.work(files(landing), D1)
    manifest.write([replace(work.entry, status="accepted")])
    (again,) = manifest.again(files(landing), {"2026-10-01.csv"})
    assert (again.entry.status, again.seen_before) == ("started", True)
    landing.csv("sales", "2026-10-01.csv", make_sale())
    assert manifest.again(files(landing), {"2026-10-01.csv"}) == []


def test_quotes_in_names_stay_in_the_literal():
    assert quoted("o'clock") == "'o''clock'"


def test_balance():
    entry = Entry("sales", "f", 1, "x", 1, 1, read=10, accepted=4, unchanged=3, held=2, rejected=1)
    assert entry.balanced
    assert not replace(entry, held=1).balanced


def test_thousands_of_entries_are_written_at_once(landing):
    entries = [Entry("sales", f"{number}.csv", 1, "x", 1, 1, status="accepted") for number in range(3000)]
    manifest = read_manifest(landing.workspace.lake, "sales")
    manifest.write(entries)
    manifest.write(entries)
    assert landing.workspace.lake.read("ingested_files").num_rows == 3000
