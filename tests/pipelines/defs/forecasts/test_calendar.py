"""Events of a day: the feed's as known then, the market's calendar besides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipelines.day import Day
from pipelines.defs.forecasts.calendar import event_rows, known_events, market_calendar
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError

AS_OF = date(2026, 10, 30)


def workspace_of(path, market: str) -> Day:
    (path / "config.yaml").write_text(f"market: {market}\n", encoding="utf-8")
    return Day(Workspace.at(path), AS_OF)


def test_the_shipped_calendar_of_the_market_is_read(tmp_path) -> None:
    assert market_calendar(workspace_of(tmp_path, "us")).market == "us"


def test_a_workspace_may_have_its_own_calendar(tmp_path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "cn.yaml").write_text("market: own\n", encoding="utf-8")
    assert market_calendar(workspace_of(tmp_path, "cn")).market == "own"


def test_a_market_may_have_none_and_a_missing_one_is_named(tmp_path) -> None:
    assert market_calendar(workspace_of(tmp_path, "none")).events == ()
    with pytest.raises(PolicyFileError, match="atlantis"):
        market_calendar(workspace_of(tmp_path, "atlantis"))


def test_an_announcement_is_not_known_before_it_is_delivered(make_platform, deliver_to, tmp_path) -> None:
    workspace = make_platform(tmp_path, announces=False, feeds_given=())
    days = {"starts_on": AS_OF + timedelta(days=20), "ends_on": AS_OF + timedelta(days=21)}
    row = {"event_id": "x", "name": "Founders' Day", "known_on": AS_OF, **days}
    deliver_to(workspace, "events", [row])
    before, after = Day(workspace, AS_OF - timedelta(days=1)), Day(workspace, AS_OF)
    assert not [event for event in known_events(before, market_calendar(before)) if event.source == "feed"]
    told = [event for event in known_events(after, market_calendar(after)) if event.source == "feed"]
    assert [(event.family, event.phase, event.scope) for event in told] == [("foundersday", "peak", "")]
    rows = event_rows(after, told)
    assert rows.loc[0, "name"] == "Founders' Day"
    assert rows.loc[0, "as_of"] == AS_OF
