"""What is read again: files whose merchants have appeared, and files that follow one that came late."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.late import files_with_rows_to_replay, to_compare_again
from pipelines.contracts.manifest import Entry, Manifest


def entry(name, first, last, **more):
    day = date.fromisoformat(name[:10]) if name[0] == "2" else None
    return Entry("x", name, 1, "", 1, 1, status="accepted", accepted=1, known_on=day,
                 first_on=date(2026, 10, first), last_on=date(2026, 10, last), **more)  # fmt: skip


def again(feed, late, *others):
    manifest = Manifest(None, feed)
    manifest.keep([late, *others])
    return to_compare_again(feeds()[feed], manifest, {late.file})


def test_later_files_of_the_same_days_are_compared_again():
    late = entry("2026-10-05.csv", 1, 5)
    before, after, beyond = entry("2026-10-04.csv", 1, 4), entry("2026-10-06.csv", 2, 6), entry("2026-10-09.csv", 6, 9)
    assert again("fulfilment", late, before, after, beyond) == {"2026-10-06.csv"}


def test_files_of_a_snapshot_may_hold_any_key():
    assert again("products", entry("2026-10-05.csv", 5, 5), entry("2026-10-09.csv", 9, 9)) == {"2026-10-09.csv"}


def test_history_counts_from_its_maturity():
    history = entry("history.csv", 1, 3)
    assert again("fulfilment", history, entry("2026-10-14.csv", 3, 5)) == set()
    assert again("fulfilment", history, entry("2026-10-16.csv", 3, 5)) == {"2026-10-16.csv"}


@pytest.mark.parametrize("appears", [True, False])
def test_rows_to_replay(landing, make_sale, appears):
    assert files_with_rows_to_replay(landing.workspace.lake) == {}
    landing.csv("sales", "2026-10-01.csv", make_sale(merchant_id="new"))
    landing.csv("storefront", "2026-10-01.csv", "2026-10-01,other,1,1,1,1,1")
    landing.ingest()
    if appears:
        landing.merchants("new", name="2026-10-02.csv")
        landing.ingest(feeds=["merchants"])
    expected = {"sales": {"2026-10-01.csv"}} if appears else {}
    assert files_with_rows_to_replay(landing.workspace.lake) == expected
