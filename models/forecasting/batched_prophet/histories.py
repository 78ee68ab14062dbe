"""What each series' history is like: where it starts and ends, what is missing, its size and whether it moves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled
from models.forecasting.batched_prophet.settings import LEAST_ROWS, WEEKLY_FROM_SPAN, YEARLY_FROM_SPAN
from models.forecasting.panel import Flags, Floats, Ints

FITTED, CONSTANT, UNBOUNDED, TOO_SHORT = 0, 1, 2, 3
STATUS_WORDS = ("fitted", "constant", "no maximum (a perfect fit)", "too short")


class Histories(NamedTuple):
    """One entry per series: first and last day with a value, rows, smallest gap of rows in days, size, constancy."""

    first: Ints
    last: Ints
    rows: Ints
    gap: Ints
    scale: Floats
    constant: Flags

    @property
    def span(self) -> Ints:
        """Days from the first to the last row."""
        return self.last - self.first

    @property
    def whole(self) -> Flags:
        """Series without a missing day between their first and last."""
        return self.rows == self.span + 1

    @property
    def with_year(self) -> Flags:
        """Prophet fits a yearly season."""
        return self.span >= YEARLY_FROM_SPAN

    @property
    def with_week(self) -> Flags:
        """Prophet fits a weekly season: two weeks of history, and rows less than a week apart."""
        return (self.span >= WEEKLY_FROM_SPAN) & (self.gap < 7)

    @property
    def status(self) -> Ints:
        """FITTED where there is something to fit."""
        return np.where(self.rows < LEAST_ROWS, TOO_SHORT, np.where(self.constant, CONSTANT, FITTED))


def look_at(values: Floats) -> Histories:
    """Look at series (series, days).

    Raises
    ------
    ValueError
        When a value is infinite; the message names the series and the day.
    """
    first, last, rows, gap, scale, constant, infinite = _look(np.ascontiguousarray(values, dtype=np.float64))
    wrong = np.flatnonzero(infinite >= 0)
    if len(wrong):
        raise ValueError(
            f"series {wrong[0]} has an infinite value on day {infinite[wrong[0]]} (both counted from 0); "
            "use NaN for a day without a row"
        )
    return Histories(first, last, rows, gap, scale, constant)


@compiled
def _look(values: Floats) -> tuple[Ints, Ints, Ints, Ints, Floats, Flags, Ints]:
    series, days = values.shape
    first, last = np.full(series, 0), np.full(series, -1)
    rows, gap, infinite = np.zeros(series, np.int64), np.full(series, days + 1), np.full(series, -1)
    scale, constant = np.ones(series), np.zeros(series, np.bool_)
    for i in range(series):
        low, high, seen, before = np.inf, -np.inf, 0, -1
        for day in range(days):
            value = values[i, day]
            if value != value:
                continue
            if before < 0:
                first[i] = day
            elif day - before < gap[i]:
                gap[i] = day - before
            before = day
            seen += 1
            low, high = min(low, value), max(high, value)
        last[i], rows[i] = before, seen
        size = max(abs(low), abs(high))
        if seen > 0 and size == np.inf:
            for day in range(days):
                if abs(values[i, day]) == np.inf:
                    infinite[i] = day
                    break
        if seen > 0 and size > 0:
            scale[i] = size
        constant[i] = seen > 0 and low == high
    return first, last, rows, gap, scale, constant, infinite
