"""Days of events form a chain from phase to day; scopes are told apart where events are."""

from __future__ import annotations

from datetime import date

import numpy as np

from models.calendar.event import Event
from models.calendar.groups import ORDINARY, build_day_groups, scopes_of


def event(phase: str, first: date, last: date, scope: str = "", anchor: date | None = None) -> Event:
    return Event(f"{phase}:{first}", "sale", (), phase, first, last, scope, anchor=anchor)


def test_regions_tell_merchants_apart_only_where_an_event_is_one_of_a_region() -> None:
    categories, regions = ["toys", "food", "toys"], ["north", "north", "south"]
    scopes, of = scopes_of(categories, regions, [])
    assert scopes == [("food", ""), ("toys", "")]
    assert of.tolist() == [1, 0, 1]
    scopes, of = scopes_of(categories, regions, [event("peak", date(2026, 1, 1), date(2026, 1, 1), "south")])
    assert scopes == [("food", "north"), ("toys", "north"), ("toys", "south")]
    assert of.tolist() == [1, 0, 2]


def test_the_same_day_of_two_years_is_one_group() -> None:
    events = [event("peak", date(year, 11, 10), date(year, 11, 11), anchor=date(year, 11, 11)) for year in (2025, 2026)]
    groups = build_day_groups(events, [("", "")], date(2025, 11, 9), 370)
    of_day = groups.of_day[0]
    assert of_day[0] == ORDINARY
    assert of_day[1] == of_day[1 + 365] != of_day[2] == of_day[2 + 365]
    assert groups.keys[of_day[2]] == "peak/sale/0"
    assert groups.keys[groups.at_depth(2)[of_day[2]]] == "peak/sale"
    assert groups.keys[groups.at_depth(1)[of_day[2]]] == "peak"
    assert groups.at_depth(1)[ORDINARY] == ORDINARY


def test_where_phases_overlap_the_peak_names_the_day() -> None:
    events = [
        event("peak", date(2026, 1, 3), date(2026, 1, 3)),
        event("warm_up", date(2026, 1, 1), date(2026, 1, 5)),
    ]
    groups = build_day_groups(events, [("", "")], date(2026, 1, 1), 5)
    phases = [groups.keys[groups.at_depth(1)[day]] for day in groups.of_day[0]]
    assert phases == ["warm_up", "warm_up", "peak", "warm_up", "warm_up"]


def test_an_event_of_a_scope_leaves_the_others_ordinary() -> None:
    groups = build_day_groups(
        [event("peak", date(2026, 1, 1), date(2026, 1, 2), "toys")], [("food", ""), ("toys", "")], date(2026, 1, 1), 3
    )
    assert groups.is_event.tolist() == [[False] * 3, [True, True, False]]


def test_the_order_of_events_changes_nothing() -> None:
    events = [event("peak", date(2026, 1, 3), date(2026, 1, 3)), event("warm_up", date(2026, 1, 1), date(2026, 1, 5))]
    one = build_day_groups(events, [("", "")], date(2026, 1, 1), 5)
    other = build_day_groups(events[::-1], [("", "")], date(2026, 1, 1), 5)
    assert one.keys == other.keys
    np.testing.assert_array_equal(one.of_day, other.of_day)


def test_holidays_and_sales_are_different_phases() -> None:
    holiday = Event("h", "national_day", (), "peak", date(2026, 1, 4), date(2026, 1, 4), kind="holiday")
    sale = event("peak", date(2026, 1, 2), date(2026, 1, 2))
    groups = build_day_groups([holiday, sale], [("", "")], date(2026, 1, 1), 5)
    phases = [groups.keys[groups.at_depth(1)[day]] for day in groups.of_day[0]]
    assert phases == ["ordinary", "peak", "ordinary", "holiday peak", "ordinary"]
