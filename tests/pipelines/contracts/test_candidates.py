"""Batches are bounded, and a file that cannot be read says so before anything else looks at it."""

from __future__ import annotations

from pipelines.contracts.candidates import batches_of
from pipelines.contracts.feeds import feeds
from pipelines.contracts.landing import landing_files
from pipelines.contracts.manifest import read_manifest


def work(landing):
    files = landing_files(landing.workspace.landing, "storefront")
    return read_manifest(landing.workspace.lake, "storefront").work(files, None)


def test_batches_hold_at_most_so_many_rows_and_a_large_file_stands_alone(landing):
    for day, rows in enumerate([3, 3, 9, 2, 2], start=1):
        landing.csv("storefront", f"2026-10-0{day}.csv", *["2026-10-01,m1,1,1,1,1,1"] * rows)
    groups = list(batches_of(feeds()["storefront"], work(landing), most_rows=6))
    assert [[one.look.records for one in group] for group in groups] == [[3, 3], [9], [2, 2]]


def test_the_first_problem_is_told(landing):
    landing.write("storefront", "2026-10-01.csv", "")
    landing.write("storefront", "2026-10-02.csv", "date\n")
    landing.write("storefront", "today.csv", "date\n")
    (group,) = batches_of(feeds()["storefront"], work(landing), most_rows=100)
    words = {one.work.file.name: one.problem for one in group}
    assert "is empty" in words["2026-10-01.csv"]
    assert "missing" in words["2026-10-02.csv"]
    assert "rename it" in words["today.csv"]
    assert list(batches_of(feeds()["storefront"], [], most_rows=100)) == []
