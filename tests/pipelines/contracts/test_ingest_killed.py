"""A run that dies between any two commits is mended by the next one: the same tables, to the row."""

from __future__ import annotations

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


def dying_at(monkeypatch, commit, after):
    """Make the n-th commit of the lake the last one: done when `after`, else not begun."""
    done = 0
    for name in ("_write", "delete"):
        real = getattr(Lake, name)

        def wrapped(self, *arguments, real=real, **keywords):
            nonlocal done
            done += 1
            if done == commit and not after:
                raise Killed
            result = real(self, *arguments, **keywords)
            if done == commit:
                raise Killed
            return result

        monkeypatch.setattr(Lake, name, wrapped)
    return lambda: done


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_before_or_after_any_commit(landing, make_sale, monkeypatch, tmp_path_factory, after):
    def play(made):
        made.merchants(*(f"m{number}" for number in range(1, 7)))
        fill(made, make_sale)
        made.ingest()
        second_day(made, make_sale)
        return made

    undisturbed = play(landing)
    undisturbed.ingest()
    expected = state(undisturbed)
    assert any(row[-1] for row in expected["ingested_files"])
    for commit in range(1, MOST_COMMITS):
        victim = play(type(landing)(Workspace.at(tmp_path_factory.mktemp(f"victim-{commit}"))))
        with monkeypatch.context() as patch:
            commits = dying_at(patch, commit, after)
            try:
                victim.ingest()
            except Killed:
                died = True
            else:
                died = False
        if not died:
            assert commits() < commit
            break
        victim.ingest()
        assert state(victim) == expected, f"killed at commit {commit}"
        assert victim.ingest().read == 0
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
            dying_at(patch, commit, after=True)
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
        dying_at(patch, 2, after=True)  # announced, rows written, not closed
        with pytest.raises(Killed):
            landing.ingest(feeds=["sales"])
    assert len(landing.rows("sales", "sku_id")) == 2
    landing.csv("sales", "2026-10-01.csv", make_sale())
    landing.ingest()
    assert landing.rows("sales", "sku_id", "file") == [("a", "2026-10-01.csv")]
    assert landing.entry("sales", "2026-10-01.csv").delivery == 1
