"""Columns of the model that depend on the date alone: seasons and events, as Prophet makes them.

Seasons are counted in days since 1970-01-01, so that every series of any start has the same columns on the same date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.settings import WEEK_DAYS, YEAR_DAYS, ProphetSettings
from models.forecasting.panel import Floats

EPOCH = date(1970, 1, 1)


class Event(NamedTuple):
    """One occurrence of an event; every day of its window is a column that all occurrences of the name share."""

    name: str
    day: date
    lower_window: int = 0
    upper_window: int = 0


@dataclass(frozen=True)
class DayColumns:
    """Columns (days, columns) of a calendar: yearly, weekly, then events, with the standard deviation of each prior."""

    values: Floats
    scales: Floats
    yearly: int
    weekly: int

    def used(self, with_year: bool, with_week: bool) -> Floats:
        """Flags (columns,) of the columns that a series with these seasons has."""
        flags = np.ones(self.values.shape[1], dtype=bool)
        flags[: self.yearly] = with_year
        flags[self.yearly : self.yearly + self.weekly] = with_week
        return flags  # type: ignore[return-value]


def fourier(days_since_epoch: Floats, period: float, order: int) -> Floats:
    """Sine and cosine (days, 2 order) of the first `order` harmonics, in Prophet's order: sin 1, cos 1, sin 2, ..."""
    angle = 2 * np.pi * np.asarray(days_since_epoch, dtype=float)[:, None] * (np.arange(1, order + 1) / period)
    return np.stack([np.sin(angle), np.cos(angle)], axis=2).reshape(len(angle), 2 * order)


def event_columns(first_day: date, days: int, events: Sequence[Event]) -> tuple[Floats, list[str]]:
    """Indicator of each day of each event's window (days, columns), and the columns' names such as `double_11 -1`."""
    columns: dict[str, Floats] = {}
    for event in events:
        if event.lower_window > 0 or event.upper_window < 0:
            raise ValueError(
                f"window of event {event.name!r} on {event.day}: lower_window must be at most 0 and "
                f"upper_window at least 0; got {event.lower_window} and {event.upper_window}"
            )
        for offset in range(event.lower_window, event.upper_window + 1):
            column = columns.setdefault(f"{event.name} {offset:+d}", np.zeros(days))
            place = (event.day + timedelta(days=offset) - first_day).days
            if 0 <= place < days:
                column[place] = 1.0
    names = sorted(columns)
    return (np.stack([columns[name] for name in names], axis=1) if names else np.zeros((days, 0))), names


def day_columns(first_day: date, events: Floats, settings: ProphetSettings) -> DayColumns:
    """Join the seasons with event columns (days, events); the number of days is that of the events' array."""
    since = (first_day - EPOCH).days + np.arange(len(events), dtype=float)
    parts = [
        fourier(since, YEAR_DAYS, settings.yearly_order),
        fourier(since % WEEK_DAYS, WEEK_DAYS, settings.weekly_order),  # every week the same, to the last digit
        np.asarray(events, dtype=float),
    ]
    seasonal = parts[0].shape[1] + parts[1].shape[1]
    scales = np.full(seasonal + parts[2].shape[1], settings.holiday_scale)
    scales[:seasonal] = settings.seasonality_scale
    return DayColumns(np.concatenate(parts, axis=1), scales, parts[0].shape[1], parts[1].shape[1])
