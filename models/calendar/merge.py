"""What the platform says of an event replaces what the market's calendar says of it.

A feed row is recognised as a known family by its name (in any language, without the year); only then do this year's
Double 11 and last year's teach one another. Where the feed tells of a family in a year, the calendar is silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from models.calendar.event import Event
from models.calendar.market import MarketCalendar

YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")
PHASE_WORDS = re.compile(r"warm[ _-]?up|pre-?sale|peak|return[ _-]?wave|预热|預熱|预售|預售|返场|返場|高峰")
NOT_A_LETTER = re.compile(r"[\W_]+")
SAME_OCCURRENCE_DAYS = 60  # phases of one occurrence lie closer together than this, occurrences further apart


def plain_name(name: str) -> str:
    """Name without year, phase, punctuation and case, so that occurrences and phases of an event share it."""
    return NOT_A_LETTER.sub("", PHASE_WORDS.sub(" ", YEAR.sub(" ", name.casefold())))


def families_by_name(calendar: MarketCalendar) -> dict[str, str]:
    """Every plain name that a calendar's families are known by."""
    names: dict[str, str] = {}
    for entry in calendar.events:
        for name in (entry.family, *entry.name.values(), *entry.aliases):
            names[plain_name(name)] = entry.family
    return names


def merge_events(calendar: MarketCalendar, feed: Iterable[Event]) -> list[Event]:
    """Merge the feed's events with the calendar's.

    Parameters
    ----------
    calendar : MarketCalendar
        Events of the market.
    feed : iterable of Event
        Events of the platform as known on the day; their family is found here from names or the event's id.

    Returns
    -------
    list of Event
        In order of their first day.
    """
    known = families_by_name(calendar)
    anchors = {(entry.family, year): days.anchor for entry in calendar.events for year, days in entry.years.items()}
    entries = {entry.family: entry for entry in calendar.events}
    told = []
    for event in feed:
        family = _family_of(event, known)
        anchor = anchors.get((family, event.starts_on.year))
        entry = entries.get(family)
        names = tuple(sorted(entry.name.items())) if entry else event.names
        kind = entry.kind if entry else event.kind
        told.append(replace(event, family=family, names=names, anchor=anchor, kind=kind))
    kept = [event for event in calendar.all_events() if not any(_same_occurrence(event, other) for other in told)]
    return sorted([*told, *kept], key=lambda event: (event.starts_on, event.event_id))


def _family_of(event: Event, known: dict[str, str]) -> str:
    given = plain_name(event.names[0][1]) if event.names and event.names[0][1] else ""
    identifier = plain_name(event.event_id)
    return known.get(given) or known.get(identifier) or given or identifier


def _same_occurrence(event: Event, other: Event) -> bool:
    if event.family != other.family:
        return False
    return abs((_middle(event) - _middle(other)).days) <= SAME_OCCURRENCE_DAYS


def _middle(event: Event) -> date:
    return event.anchor or event.starts_on
