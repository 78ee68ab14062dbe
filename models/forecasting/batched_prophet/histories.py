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
    first, last = np.zeros(series, np.int64), np.full(series, days - 1)
    rows, gap, infinite = np.full(series, days), np.ones(series, np.int64), np.full(series, -1)
    scale, constant = np.ones(series), np.zeros(series, np.bool_)
    for i in range(series):
        row = values[i]
        total = 0.0
        for day in range(days):
            total += abs(row[day])
        if total != total:
            first[i], last[i], rows[i], gap[i] = _look_at_rows(row)
        if rows[i] == 0:
            continue
        size, start, same = _largest(row), row[first[i]], True
        if size == np.inf:
            infinite[i] = np.argmax(np.abs(row) == np.inf)
        if size > 0:
            scale[i] = size
        for day in range(first[i], last[i] + 1):
            if row[day] != start and row[day] == row[day]:
                same = False
                break
        constant[i] = same
    return first, last, rows, gap, scale, constant, infinite


@compiled
def _look_at_rows(row: Floats) -> tuple[int, int, int, int]:
    """First and last day with a value, how many there are, and the smallest gap between two."""
    first, before, rows, gap = 0, -1, 0, len(row) + 1
    for day in range(len(row)):
        if row[day] != row[day]:
            continue
        if before < 0:
            first = day
        else:
            gap = min(gap, day - before)
        before = day
        rows += 1
    return first, before, rows, gap


@compiled
def _largest(row: Floats) -> float:
    """Largest size of what is known."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0  # four at a time: NaN compares as false
    whole = len(row) // 4 * 4
    for t in range(0, whole, 4):
        a = abs(row[t]) if abs(row[t]) > a else a
        b = abs(row[t + 1]) if abs(row[t + 1]) > b else b
        c = abs(row[t + 2]) if abs(row[t + 2]) > c else c
        d = abs(row[t + 3]) if abs(row[t + 3]) > d else d
    for t in range(whole, len(row)):
        a = abs(row[t]) if abs(row[t]) > a else a
    return max(max(a, b), max(c, d))
