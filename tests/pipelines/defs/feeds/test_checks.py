"""Checks of feeds never block, and each feed has the same three."""

from __future__ import annotations

from pipelines.contracts.feeds import feeds
from pipelines.contracts.manifest import Entry
from pipelines.defs.feeds.checks import _accounted, _complete, _readable, feed_checks
from pipelines.defs.feeds.coverage import Coverage


def test_three_checks_per_feed_and_none_blocks():
    specs = [spec for check in feed_checks for spec in check.check_specs]
    assert {spec.name for spec in specs} == {"readable", "accounted", "complete"}
    assert len(specs) == 3 * len(feeds())
    assert not any(spec.blocking for spec in specs)


def test_a_lost_row_is_an_error():
    lost = Entry("sales", "a.csv", 1, "x", 1, 1, status="accepted", read=2, accepted=1)
    result = _accounted("sales", Coverage([lost], []))
    assert (result.passed, result.description) == (False, "a.csv (accepted)")


def test_the_newest_messages_are_shown():
    aside = [Entry("sales", f"{n}.csv", 1, "x", 1, 1, status="quarantined", message=f"message {n}") for n in range(12)]
    result = _readable("sales", Coverage(aside, []))
    assert not result.passed
    assert result.description.splitlines() == [f"message {n}" for n in range(2, 12)]


def test_feeds_that_come_only_on_change_have_no_gaps():
    from datetime import date

    gap = Coverage([], [date(2026, 10, 2)])
    assert not _complete("sales", feeds()["sales"], gap).passed
    assert _complete("merchants", feeds()["merchants"], gap).passed
