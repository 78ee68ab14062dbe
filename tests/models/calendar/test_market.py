"""The shipped calendars are complete, and a bad one says what is wrong."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from models.calendar.market import MarketCalendar

CALENDARS = Path(__file__).resolve().parents[3] / "data" / "calendars"
YEARS = {2023, 2024, 2025, 2026, 2027}


def shipped(market: str) -> MarketCalendar:
    return MarketCalendar.model_validate(yaml.safe_load((CALENDARS / f"{market}.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("market", ["cn", "us"])
def test_every_family_has_all_years_and_three_languages(market: str) -> None:
    for family in shipped(market).events:
        assert set(family.years) == YEARS, family.family
        assert set(family.name) == {"zh-CN", "zh-TW", "en"}, family.family


def test_the_great_sales_of_china_are_there() -> None:
    events = {(event.family, event.phase, event.ends_on) for event in shipped("cn").all_events()}
    for year in YEARS:
        assert ("double_11", "peak", date(year, 11, 11)) in events
        assert ("mid_year_618", "peak", date(year, 6, 18)) in events
        assert ("double_12", "peak", date(year, 12, 12)) in events


def test_black_friday_follows_the_fourth_thursday_of_november() -> None:
    for year in YEARS:
        first = date(year, 11, 1)
        thursday = 1 + (3 - first.weekday()) % 7 + 21
        days = next(entry for entry in shipped("us").events if entry.family == "black_friday").years[year]
        assert days.anchor == date(year, 11, thursday + 1)
        assert days.peak[0][1].weekday() == 0  # until Cyber Monday


def test_events_are_ordered_and_unique() -> None:
    events = shipped("cn").all_events()
    assert [event.starts_on for event in events] == sorted(event.starts_on for event in events)
    assert len({event.event_id for event in events}) == len(events)


def test_phases_of_an_event_do_not_overlap() -> None:
    for market in ("cn", "us"):
        for family in shipped(market).events:
            for days in family.years.values():
                spans = sorted(window for _, window in days.windows())
                assert all(before[1] < after[0] for before, after in pairwise(spans))


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    bad = {"anchor": "2026-11-11", "peak": [["2026-11-11", "2026-11-10"]]}
    family = {"family": "a", "name": {"en": "A"}, "years": {2026: bad}}
    with pytest.raises(ValidationError, match="comes before the first"):
        MarketCalendar.model_validate({"market": "x", "events": [family]})


def test_a_family_given_twice_is_refused() -> None:
    family = {"family": "a", "name": {"zh-CN": "A", "zh-TW": "A", "en": "A"}, "years": {}}
    with pytest.raises(ValidationError, match="stand twice"):
        MarketCalendar.model_validate({"market": "x", "events": [family, family]})


def test_lifts_are_by_phase() -> None:
    assert MarketCalendar(market="x", prior_lift={"peak": 2.0}).lifts() == {"peak": 2.0}
