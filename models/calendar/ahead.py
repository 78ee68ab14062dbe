"""The next event that a merchant has before it: what pages count down to and sums are made for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from models.calendar.event import Event
from models.calendar.merge import SAME_OCCURRENCE_DAYS


@dataclass(frozen=True)
class EventAhead:
    """An occurrence of an event that is running or still to come.

    `starts_on` and `ends_on` span warm-up, presale and peak; the return wave is left out, because it sells nothing.
    """

    family: str
    names: tuple[tuple[str, str], ...]
    starts_on: date
    peak_on: date
    ends_on: date
    event_ids: tuple[str, ...]


def next_event(events: Iterable[Event], as_of: date, category: str = "", region: str = "") -> EventAhead | None:
    """Return the occurrence whose peak ends next after `as_of`, for a merchant's category and region.

    Parameters
    ----------
    events : iterable of Event
        All events known on the day.
    as_of : date
        Last day whose data are known; an event whose peak ends on it is over.
    """
    concerned = [event for event in events if event.concerns(category, region)]
    peaks = [event for event in concerned if event.phase == "peak" and event.ends_on > as_of]
    if not peaks:
        return None
    peak = min(peaks, key=lambda event: (event.ends_on, event.event_id))
    near = timedelta(days=SAME_OCCURRENCE_DAYS)
    parts = [
        event
        for event in concerned
        if event.family == peak.family
        and event.phase != "return_wave"
        and event.touches(peak.starts_on - near, peak.ends_on + near)
    ]
    return EventAhead(
        family=peak.family,
        names=peak.names,
        starts_on=min(part.starts_on for part in parts),
        peak_on=peak.anchor if peak.anchor and peak.starts_on <= peak.anchor <= peak.ends_on else peak.starts_on,
        ends_on=max(part.ends_on for part in parts if part.phase == "peak"),
        event_ids=tuple(part.event_id for part in parts),
    )
