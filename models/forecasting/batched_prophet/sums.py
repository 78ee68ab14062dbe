"""Products of whole series with the model's columns, from a few sums instead of a product with every column.

A column that repeats every week needs a series' sums by weekday only, a hinge at t_c those of y and t y after t_c, and
an event the few days on which it is. So a series is read once, where a product reads it once for each column. Only a
design with other columns (a yearly season) still needs the product.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.batched_prophet.compiled import compiled, compiled_inner
from models.forecasting.batched_prophet.normal_equations import Window
from models.forecasting.batched_prophet.whitening import Whitened
from models.forecasting.panel import Floats, Ints

WEEK = 7
FOLD = 56  # days summed side by side: whole weeks, and whole registers
RARE = 0.05  # share of the rows on which a column that is an event's may be other than 0


@dataclass(frozen=True)
class SumPlan:
    """Which sums a design's products are made of, and how.

    Parameters
    ----------
    places : array of int (changepoints,)
        Rows at which the slope may change.
    starts : array of int (rare columns + 1,)
        Where the entries of each column that is 0 on most rows begin among `days` (rows) and `weights`.
    turn : array (sums, q + changepoints)
        Sums by weekday, of y and then of t y between changes of slope, and of rare columns, times this are the
        products with V and E.
    """

    places: Ints
    starts: Ints
    days: Ints
    weights: Floats
    turn: Floats


def sum_plan(window: Window, places: Ints, design: Whitened) -> SumPlan | None:
    """Plan for a window whose first two columns are slope and level; None where some column needs the product."""
    columns = window.columns[:, 2:]
    there = columns != 0
    rare = there.sum(axis=0) <= RARE * len(columns)
    weekly = ~rare & (columns[WEEK:] == columns[:-WEEK]).all(axis=0)
    if len(columns) < FOLD or not (rare | weekly).all():
        return None
    column, day = np.nonzero(there[:, rare].T)
    starts = np.searchsorted(column, np.arange(rare.sum() + 1))
    kinds = (2 + np.flatnonzero(weekly), 2 + np.flatnonzero(rare))
    from_sums, hinges = _linear(len(columns), places, columns[:WEEK, weekly], kinds)
    directions = from_sums @ (design.back / design.strength)
    turn = np.concatenate([directions, hinges - directions @ design.shadow], axis=1)
    return SumPlan(places, starts, day, columns[:, rare].T[column, day], turn)


def _linear(rows: int, places: Ints, weekdays: Floats, kinds: tuple[Ints, Ints]) -> tuple[Floats, Floats]:
    """Matrices (sums, columns) and (sums, changepoints) that make products with columns and hinges from sums."""
    parts, span = len(places) + 1, rows - 1
    sums = WEEK + 2 * parts + len(kinds[1])
    total, moment = slice(WEEK, WEEK + parts), slice(WEEK + parts, WEEK + 2 * parts)
    columns = np.zeros((sums, 2 + len(kinds[0]) + len(kinds[1])))
    columns[moment, 0] = 1.0 / span
    columns[total, 1] = 1.0
    columns[:WEEK, kinds[0]] = weekdays
    columns[WEEK + 2 * parts :, kinds[1]] = np.eye(len(kinds[1]))
    hinges = np.zeros((sums, len(places)))
    later = np.arange(parts)[:, None] > np.arange(len(places))
    hinges[moment], hinges[total] = later / span, later * (-places / span)
    return columns, hinges


def products_of(
    values: Floats, members: Ints, first: int, rows: int, scale: Floats, plan: SumPlan
) -> tuple[Floats, Floats, Floats]:
    """Products of scaled values without their mean with V and E (members, columns), their squares and their mean.

    Parameters
    ----------
    values : array (series, days)
    members : array of int
    first, rows : int
        Day of the design's first row, and how many it has.
    scale : array (members,)
        What values are divided by.
    plan : SumPlan
    """
    sums = np.empty((len(members), len(plan.turn)))
    squares, level = np.empty(len(members)), np.empty(len(members))
    _sum_all(
        values, members, first, rows, scale, plan.places, plan.starts, plan.days, plan.weights, sums, squares, level
    )
    return sums @ plan.turn, squares, level


@compiled
def _sum_all(
    values: Floats,
    members: Ints,
    first: int,
    rows: int,
    scale: Floats,
    places: Ints,
    starts: Ints,
    days: Ints,
    weights: Floats,
    sums: Floats,
    squares: Floats,
    level: Floats,
) -> None:
    about, fold = np.empty(rows), np.empty(FOLD)
    for i in range(len(members)):
        level[i], squares[i] = _centre_one(values, members[i], first, 1.0 / scale[i], about)
        _sum_weekdays(about, fold, sums, i)
        _sum_parts(about, places, sums, i)
        for column in range(len(starts) - 1):
            total = 0.0
            for entry in range(starts[column], starts[column + 1]):
                total += weights[entry] * about[days[entry]]
            sums[i, WEEK + 2 * (len(places) + 1) + column] = total


@compiled_inner
def _centre_one(values: Floats, member: int, first: int, factor: float, about: Floats) -> tuple[float, float]:
    """Fill scaled values without their mean; returns the mean and the sum of squares."""
    row, total, squares = values[member, first : first + len(about)], 0.0, 0.0
    for t in range(len(about)):
        total += row[t]
    middle = total * factor / len(about)
    for t in range(len(about)):
        value = row[t] * factor - middle
        squares += value * value
        about[t] = value
    return middle, squares


@compiled_inner
def _sum_weekdays(about: Floats, fold: Floats, sums: Floats, i: int) -> None:
    for k in range(FOLD):
        fold[k] = about[k]
    whole = len(about) // FOLD
    for turn in range(1, whole):
        part = about[turn * FOLD : (turn + 1) * FOLD]
        for k in range(FOLD):
            fold[k] += part[k]
    for t in range(whole * FOLD, len(about)):
        fold[t - whole * FOLD] += about[t]
    for k in range(WEEK):
        total = 0.0
        for turn in range(FOLD // WEEK):
            total += fold[turn * WEEK + k]
        sums[i, k] = total


@compiled_inner
def _sum_parts(about: Floats, places: Ints, sums: Floats, i: int) -> None:
    """Sums of y and t y between changes of slope."""
    start, parts = 0, len(places) + 1
    for k in range(parts):
        end = places[k] + 1 if k < len(places) else len(about)
        part, total, moment = about[start:end], 0.0, 0.0
        for t in range(len(part)):
            total += part[t]
            moment += t * part[t]
        sums[i, WEEK + k] = total
        sums[i, WEEK + parts + k] = moment + start * total
        start = end
