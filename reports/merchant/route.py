"""The route: seven stations, the road between them, and the event ahead with its ruler of days.

The one loud element of the page. Here only what it says is decided; how it bends on a phone is the style sheet's.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from reports.merchant.facts import EventFact, MerchantFacts
from reports.merchant.legs import Leg
from reports.merchant.reader import Reader, layout


class Point(NamedTuple):
    """A mark of the ruler; `state` is past, today, ahead or event."""

    label: str
    text: str
    state: str
    phone: bool


class Event(NamedTuple):
    """The event at the end of the route; `days` until it starts, negative after it."""

    name: str
    days: int
    countdown: str
    day: str
    starts_on: date
    running: bool
    ruler: Sequence[Point]


def next_event(facts: MerchantFacts, as_of: date) -> EventFact | None:
    """The peak that the merchant drives to: running, ahead, or just over.

    A peak meant for the merchant's category or region counts as well as one for everybody.
    """
    mine = {None, "", facts.category, facts.region}
    oldest = as_of - timedelta(days=layout()["event_behind_days"])
    newest = as_of + timedelta(days=layout()["event_ahead_days"])
    peaks = [e for e in facts.events if e.phase == "peak" and e.scope in mine]
    ahead = sorted((e for e in peaks if as_of <= e.ends_on and e.starts_on <= newest), key=lambda e: e.starts_on)
    if ahead:
        return ahead[0]
    behind = sorted((e for e in peaks if oldest <= e.ends_on < as_of), key=lambda e: e.starts_on)
    return behind[-1] if behind else None


def build_event(facts: MerchantFacts, reader: Reader) -> Event | None:
    """The event as the route shows it, or None when the road has no event in sight."""
    found = next_event(facts, reader.context.as_of)
    if found is None:
        return None
    days = (found.starts_on - reader.context.as_of).days
    name = reader.of(found.name)
    running = days <= 0 and found.ends_on >= reader.context.as_of
    countdown, day = _countdown(found, days, reader), reader.day(found.starts_on)
    return Event(name, days, countdown, day, found.starts_on, running, ruler(days, name, reader))


def _countdown(event: EventFact, days: int, reader: Reader) -> str:
    if days > 0:
        return reader.text("event.in_days", n=days)
    if event.ends_on >= reader.context.as_of:
        return reader.text("event.now")
    return reader.text("event.over", n=(reader.context.as_of - event.ends_on).days)


def ruler(days: int, event: str, reader: Reader) -> list[Point]:
    """Days around the event with what each is for, today among them."""
    offsets = sorted({*layout()["ruler"], -days})
    phone = {*layout()["ruler_phone"], -days}
    points = []
    for offset in offsets:
        sign = "+" if offset > 0 else "\u2212"
        state = "today" if offset == -days else "event" if offset == 0 else "past" if offset < -days else "ahead"
        words = (
            reader.text("day.today")
            if state == "today"
            else event
            if offset == 0
            else reader.text(f"ruler.{'before' if offset < 0 else 'after'}_{abs(offset)}")
        )
        points.append(Point(f"T{sign}{abs(offset)}", words, state, offset in phone))
    return points


def headline(legs: Sequence[Leg], reader: Reader) -> list[str]:
    """The page's one sentence, as clauses that lines may break between: need first, then praise."""
    count = {light: sum(leg.light == light for leg in legs) for light in ("red", "amber", "green", "star", "grey")}
    if count["red"]:
        need = reader.text("headline.red", n=count["red"])
    elif count["amber"]:
        need = reader.text("headline.amber", n=count["amber"])
    elif count["green"] + count["star"]:
        need = reader.text("headline.green")
    else:
        return [reader.text("headline.grey")]
    if not count["star"]:
        return [need]
    return [need + reader.text("headline.comma"), reader.text("headline.star", n=count["star"])]
