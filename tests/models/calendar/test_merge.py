"""What the platform says of an event replaces the calendar; names without year and phase are recognised."""

from __future__ import annotations

from datetime import date

import pytest

from models.calendar.event import Event
from models.calendar.market import MarketCalendar
from models.calendar.merge import merge_events, plain_name

CALENDAR = MarketCalendar.model_validate(
    {
        "market": "x",
        "events": [
            {
                "family": "double_11",
                "name": {"zh-CN": "双11", "zh-TW": "雙11", "en": "Double 11"},
                "years": {
                    year: {"anchor": f"{year}-11-11", "peak": [[f"{year}-11-10", f"{year}-11-11"]]}
                    for year in (2025, 2026)
                },
            }
        ],
    }
)


def feed(event_id: str, name: str, day: date, phase: str = "peak") -> Event:
    return Event(event_id, "", (("", name),), phase, day, day)


@pytest.mark.parametrize("name", ["Double 11", "double-11 2026", "DOUBLE_11", "Double 11 (2026) warm up"])
def test_a_name_is_recognised_without_year_phase_and_case(name: str) -> None:
    assert plain_name(name) == "double11"


def test_eleven_is_no_year() -> None:
    assert plain_name("双11 2026") == "双11"


def test_the_feed_replaces_the_calendar_for_its_year_only() -> None:
    merged = merge_events(CALENDAR, [feed("p1", "双11 2026", date(2026, 11, 9))])
    assert [(event.starts_on, event.source) for event in merged] == [
        (date(2025, 11, 10), "calendar"),
        (date(2026, 11, 9), "feed"),
    ]
    told = merged[1]
    assert told.family == "double_11"
    assert told.anchor == date(2026, 11, 11)
    assert dict(told.names) == {"zh-CN": "双11", "zh-TW": "雙11", "en": "Double 11"}


def test_an_event_of_the_platform_itself_keeps_its_name_and_becomes_a_family() -> None:
    merged = merge_events(
        CALENDAR, [feed("a", "Founders' Day 2025", date(2025, 3, 1)), feed("b", "Founders' Day 2026", date(2026, 3, 1))]
    )
    own = [event for event in merged if event.source == "feed"]
    assert {event.family for event in own} == {"foundersday"}
    assert own[0].names == (("", "Founders' Day 2025"),)
    assert len(merged) == 4


def test_the_id_speaks_where_the_name_is_empty() -> None:
    assert merge_events(CALENDAR, [feed("double_11:2026:peak", "", date(2026, 11, 11))])[0].source == "calendar"
    assert merge_events(CALENDAR, [feed("double_11-2026-peak", "", date(2026, 11, 11))])[1].family == "double_11"
