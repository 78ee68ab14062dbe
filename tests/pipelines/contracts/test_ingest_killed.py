"""A run that dies between any two commits is mended by the next one: the same tables, to the row."""

from __future__ import annotations

import shutil

import pytest

from pipelines.lake import Lake
from pipelines.workspace import Workspace

TABLES = {
    "merchants": ("merchant_id", "known_on", "file", "line"),
    "sales": ("merchant_id", "sku_id", "units", "known_on", "file", "line"),
    "rejected_rows": ("feed", "file", "line", "rule"),
    "held_rows": ("feed", "file", "line", "merchant_id"),
    "ingested_files": ("feed", "file", "delivery", "status", "read", "accepted", "unchanged", "held", "rejected"),
}
MOST_COMMITS = 40


class Killed(BaseException):
    """The end of the process, as far as the code under test can tell."""


def state(landing):
    return {table: landing.rows(table, *columns) for table, columns in TABLES.items()}


def fill(landing, make_sale):
    landing.csv("sales", "2026-10-01.csv", make_sale(), make_sale(merchant_id="late"), make_sale(sku_id="b", units=-1))
    landing.csv("sales", "2026-10-02.csv", make_sale(), make_sale(date="2026-10-02"))
    landing.write("sales", "2026-10-03.csv", "nonsense\n")


def second_day(landing, make_sale):
    landing.merchants("late", name="2026-10-04.csv")  # its held row is replayed
    landing.csv("sales", "2026-10-02.csv", make_sale(units=5), make_sale(date="2026-10-02"))  # corrected


def copy_of(landing, home):
    shutil.copytree(landing.workspace.home, home, dirs_exist_ok=True)
    return type(landing)(Workspace.at(home))


def dying_after(monkeypatch, commit):
    """Make the n-th commit of the lake the last thing that the process does."""
    done = 0
    for name in ("_write", "delete"):
        real = getattr(Lake, name)

        def wrapped(self, *arguments, real=real, **keywords):
            nonlocal done
            result = real(self, *arguments, **keywords)
            done += 1
            if done == commit:
                raise Killed
            return result

        monkeypatch.setattr(Lake, name, wrapped)
    return lambda: done


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.faults)])
def test_killed_after_any_commit(landing, make_sale, monkeypatch, tmp_path_factory, every):
    fill(landing, make_sale)
    landing.ingest()
    second_day(landing, make_sale)
    before = landing.workspace.home
    undisturbed = copy_of(landing, tmp_path_factory.mktemp("undisturbed"))
    undisturbed.ingest()
    expected = state(undisturbed)
    assert [row[1:4] for row in expected["ingested_files"] if row[0] == "sales"] == [
        ("2026-10-01.csv", 1, "accepted"), ("2026-10-02.csv", 1, "accepted"), ("2026-10-02.csv", 2, "accepted"),
        ("2026-10-03.csv", 1, "quarantined"),
    ]  # fmt: skip
    assert expected["held_rows"] == []
    for commit in range(1, MOST_COMMITS, every):
        victim = copy_of(landing, tmp_path_factory.mktemp(f"victim-{commit}"))
        assert victim.workspace.home != before
        with monkeypatch.context() as patch:
            commits = dying_after(patch, commit)
            try:
                victim.ingest()
            except Killed:
                pass
            else:
                assert commits() < commit
                break
        victim.ingest()
        assert state(victim) == expected, f"killed after commit {commit}"
    else:
        pytest.fail("more commits than expected; raise MOST_COMMITS")
    assert commit > 8  # the story has this many moments to die in


def test_killed_in_the_first_reading(landing, make_sale, monkeypatch, tmp_path_factory):
    other = type(landing)(Workspace.at(tmp_path_factory.mktemp("other")))
    for made in (landing, other):
        made.merchants(*(f"m{number}" for number in range(1, 7)))
        fill(made, make_sale)
    other.ingest()
    for commit in range(1, MOST_COMMITS):
        with monkeypatch.context() as patch:
            dying_after(patch, commit)
            try:
                landing.ingest()
            except Killed:
                continue
        break
    assert state(landing) == state(other)


def test_a_file_that_changes_after_the_kill_is_still_the_first_delivery(landing, make_sale, monkeypatch):
    landing.csv("sales", "2026-10-01.csv", make_sale(), make_sale(sku_id="gone"))
    landing.ingest(feeds=["merchants"])
    with monkeypatch.context() as patch:
        dying_after(patch, 2)  # announced, rows written, not closed
        with pytest.raises(Killed):
            landing.ingest(feeds=["sales"])
    assert len(landing.rows("sales", "sku_id")) == 2
    landing.csv("sales", "2026-10-01.csv", make_sale())
    landing.ingest()
    assert landing.rows("sales", "sku_id", "file") == [("a", "2026-10-01.csv")]
    assert landing.entry("sales", "2026-10-01.csv").delivery == 1
