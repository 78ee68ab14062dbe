"""The calendar of a market, as its YAML file says it: event families, their names and their days by year.

A family is what comes back every year (Double 11), an event is one phase of it in one year. Days are written out by
year instead of computed, because half of them follow the moon or a committee.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from models.calendar.event import Event

Phase = Literal["warm_up", "presale", "peak", "return_wave"]


def _in_order(days: tuple[date, date]) -> tuple[date, date]:
    if days[1] < days[0]:
        raise ValueError(f"the last day {days[1]} comes before the first {days[0]}")
    return days


LOCALES = ("zh-CN", "zh-TW", "en")
FARTHEST_DAYS = 120  # from the climax to the first or last day of a phase; beyond it a date is a slip of the pen


def _in_every_language(name: dict[str, str]) -> dict[str, str]:
    missing = [locale for locale in LOCALES if not name.get(locale, "").strip()]
    if missing:
        raise ValueError(f"the name is missing in {', '.join(missing)}; pages are written in {', '.join(LOCALES)}")
    return name


Window = Annotated[tuple[date, date], AfterValidator(_in_order)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EventYear(_Frozen):
    """Days of one family in one year; `anchor` is the climax."""

    anchor: date
    warm_up: tuple[Window, ...] = ()
    presale: tuple[Window, ...] = ()
    peak: tuple[Window, ...] = Field(min_length=1)
    return_wave: tuple[Window, ...] = ()

    @model_validator(mode="after")
    def _near_its_climax(self) -> EventYear:
        for phase, days in self.windows():
            for day in days:
                if abs((day - self.anchor).days) > FARTHEST_DAYS:
                    raise ValueError(f"{phase} {day} lies more than {FARTHEST_DAYS} days from the anchor {self.anchor}")
        return self

    def windows(self) -> list[tuple[Phase, Window]]:
        """Every phase with its days."""
        by_phase: list[tuple[Phase, tuple[Window, ...]]] = [
            ("warm_up", self.warm_up),
            ("presale", self.presale),
            ("peak", self.peak),
            ("return_wave", self.return_wave),
        ]
        return [(phase, window) for phase, windows in by_phase for window in windows]


class EventFamily(_Frozen):
    """An event that returns: its names by locale, other names it is known by, its years."""

    family: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    kind: Literal["sale", "holiday"] = "sale"
    name: Annotated[dict[str, str], AfterValidator(_in_every_language)]
    aliases: tuple[str, ...] = ()
    years: dict[int, EventYear]

    @model_validator(mode="after")
    def _anchored_in_their_year(self) -> EventFamily:
        for year, days in self.years.items():
            if days.anchor.year != year:
                raise ValueError(f"{self.family}: the anchor {days.anchor} does not lie in {year}")
        return self


class MarketCalendar(_Frozen):
    """All events of a market, and what a phase of a sale does to volume until the platform knows better."""

    market: str
    prior_lift: dict[Phase, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    events: tuple[EventFamily, ...] = ()

    @model_validator(mode="after")
    def _families_once(self) -> MarketCalendar:
        families = [event.family for event in self.events]
        twice = sorted({family for family in families if families.count(family) > 1})
        if twice:
            raise ValueError(f"event families {twice} stand twice; give each family one entry with all its years")
        return self

    def lifts(self) -> dict[str, float]:
        """What a phase does to volume until the platform has seen one, by phase."""
        return {str(phase): lift for phase, lift in self.prior_lift.items()}

    def all_events(self) -> list[Event]:
        """One event per family, year, phase and window, in order of their days."""
        made = [
            Event(
                event_id=f"calendar:{entry.family}:{year}:{phase}:{window[0]}",
                family=entry.family,
                names=tuple(sorted(entry.name.items())),
                phase=phase,
                starts_on=window[0],
                ends_on=window[1],
                scope="",
                source="calendar",
                anchor=days.anchor,
                kind=entry.kind,
            )
            for entry in self.events
            for year, days in entry.years.items()
            for phase, window in days.windows()
        ]
        return sorted(made, key=lambda event: (event.starts_on, event.event_id))
