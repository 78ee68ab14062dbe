"""One phase of one event: the unit that day factors, forecasts and pages speak of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PHASES = ("warm_up", "presale", "return_wave", "peak")  # where phases overlap, the later one names the day


@dataclass(frozen=True)
class Event:
    """A phase of an event.

    Parameters
    ----------
    event_id : str
        Unique among all events.
    family : str
        What comes back every year, such as `double_11`.
    names : tuple of (locale, name)
        One entry with an empty locale where the platform gave a name without saying in which language.
    phase : str
        warm_up, presale, peak or return_wave.
    starts_on, ends_on : date
        First and last day.
    scope : str
        Category or region; empty = all.
    source : str
        feed or calendar.
    anchor : date, optional
        The climax of the event, by which years are compared.
    kind : str
        sale or holiday: what one sale does is no guess for a holiday, nor the other way round.
    """

    event_id: str
    family: str
    names: tuple[tuple[str, str], ...]
    phase: str
    starts_on: date
    ends_on: date
    scope: str = ""
    source: str = "feed"
    anchor: date | None = None
    kind: str = "sale"

    def concerns(self, category: str, region: str) -> bool:
        """Whether the event is one of this category or region, or of all."""
        return self.scope in ("", category, region)

    def touches(self, first: date, last: date) -> bool:
        """Whether any of its days lies between two days, both included."""
        return self.starts_on <= last and self.ends_on >= first
