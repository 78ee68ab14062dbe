"""Which event comes next for a merchant, and from when to when."""

from __future__ import annotations

from datetime import date

from models.calendar.ahead import next_event
from models.calendar.event import Event


def event(family: str, phase: str, first: date, last: date, scope: str = "", anchor: date | None = None) -> Event:
    return Event(f"{family}:{phase}:{first}", family, (("en", family),), phase, first, last, scope, anchor=anchor)


EVENTS = [
    event("double_11", "warm_up", date(2026, 11, 1), date(2026, 11, 9)),
    event("double_11", "peak", date(2026, 11, 10), date(2026, 11, 11), anchor=date(2026, 11, 11)),
    event("double_11", "return_wave", date(2026, 11, 12), date(2026, 11, 18)),
    event("double_11", "peak", date(2025, 11, 10), date(2025, 11, 11)),
    event("toy_week", "peak", date(2026, 11, 5), date(2026, 11, 6), scope="toys"),
]


def test_it_spans_warm_up_to_peak_without_the_return_wave() -> None:
    ahead = next_event(EVENTS, date(2026, 10, 30), "food")
    assert ahead is not None
    assert (ahead.family, ahead.starts_on, ahead.peak_on, ahead.ends_on) == (
        "double_11",
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 11, 11),
    )
    assert len(ahead.event_ids) == 2


def test_an_event_of_the_category_comes_first_for_its_merchants_only() -> None:
    ahead = next_event(EVENTS, date(2026, 10, 30), "toys")
    assert ahead is not None
    assert ahead.family == "toy_week"


def test_a_running_event_is_ahead_until_its_last_day() -> None:
    assert next_event(EVENTS, date(2026, 11, 10)) is not None
    assert next_event(EVENTS, date(2026, 11, 11)) is None
