"""What the calendar does to every shop: seasons, weekdays, events and their discounts.

The idea: all of it is known in advance, so it is laid out once for all days (and some beyond the end, because buyers
look ahead) by category; a merchant only raises it to its own power.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from models.calendar.event import PHASES, Event
from models.simulation.draws import Floats, Ints
from models.simulation.parameters import PhaseLift, SimulationParameters


@dataclass(frozen=True)
class Season:
    """Day by day, (days + look-ahead, ...): logs of factors, so that they add up.

    `visitors`, `conversion`: of events, (t,). `yearly`: (t, categories). `weekday`: (t,); `is_weekend`: (t,) of 0 or 1.
    `depth`: discount shops give, (t,). `refunds`: factor on refund rates, (t,). `holiday`: (t,) of 0 or 1.
    `feast_ends`: (t,) days until the end of the next feast that buyers already stock up for; 0 where there is none.
    """

    visitors: Floats
    conversion: Floats
    yearly: Floats
    weekday: Floats
    is_weekend: Floats
    depth: Floats
    refunds: Floats
    holiday: Ints
    feast_ends: Ints


def make_season(parameters: SimulationParameters, events: Iterable[Event], first_day: date, length: int) -> Season:
    """Lay out the calendar.

    Parameters
    ----------
    events
        Of the market; families without an entry in `demand.events` change nothing.
    length
        Days from `first_day`, look-ahead included.
    """
    days = [first_day + timedelta(days=number) for number in range(length)]
    weekdays = np.array([day.weekday() for day in days])
    events = list(events)
    lifts = _lift_of_days(parameters, events, first_day, length)
    holiday = np.zeros(length, dtype=np.int64)
    for event in events:
        if event.family in ("spring_festival", "national_day") and event.phase == "peak":
            holiday[_span(event, first_day, length)] = 1
    return Season(
        visitors=np.log(np.array([lift.visitors for lift in lifts])),
        conversion=np.log(np.array([lift.conversion for lift in lifts])),
        yearly=_yearly(parameters, days),
        weekday=np.log(np.array(parameters.demand.weekday))[weekdays],
        is_weekend=(weekdays >= 5).astype(np.float64),
        depth=np.array([lift.depth for lift in lifts]),
        refunds=np.array([lift.refunds for lift in lifts]),
        holiday=holiday,
        feast_ends=_feast_ends(parameters, events, first_day, length),
    )


def _feast_ends(parameters: SimulationParameters, events: list[Event], first_day: date, length: int) -> Ints:
    """Days until the end of the next event's peak that raises demand, while that is near enough to stock up for."""
    ends = np.zeros(length, dtype=np.int64)
    feasts = [event for event in events if event.phase == "peak" and _raises(parameters, event)]
    for event in sorted(feasts, key=lambda event: event.ends_on, reverse=True):
        last = (event.ends_on - first_day).days
        near = np.arange(max(0, last - parameters.stock.feast_days), min(last, length))
        ends[near] = last - near
    return ends


def _raises(parameters: SimulationParameters, event: Event) -> bool:
    lift = parameters.demand.events.get(event.family, {}).get("peak", PhaseLift())
    return lift.visitors * lift.conversion > 1


def _span(event: Event, first_day: date, length: int) -> slice:
    start = (event.starts_on - first_day).days
    stop = (event.ends_on - first_day).days + 1
    return slice(min(max(start, 0), length), min(max(stop, 0), length))


def _lift_of_days(
    parameters: SimulationParameters, events: list[Event], first_day: date, length: int
) -> list[PhaseLift]:
    """Lift of each day; where phases meet, the one that names the day wins."""
    lifts = [PhaseLift()] * length
    for phase in PHASES:
        for event in events:
            of_family = parameters.demand.events.get(event.family, {})
            if event.phase == phase and phase in of_family:
                span = _span(event, first_day, length)
                lifts[span] = [of_family[phase]] * (span.stop - span.start)
    return lifts


def _yearly(parameters: SimulationParameters, days: list[date]) -> Floats:
    """Log factor by day and category: one wave a year, highest in the middle of the category's month."""
    day_of_year = np.array([day.timetuple().tm_yday for day in days], dtype=np.float64)
    high = np.array([entry.season[0] * 30.4 - 15 for entry in parameters.categories.values()])
    height = np.array([entry.season[1] for entry in parameters.categories.values()])
    wave = np.cos(2 * np.pi * (day_of_year[:, None] - high[None, :]) / 365.25)
    return np.asarray(np.log1p(height)[None, :] * wave)
