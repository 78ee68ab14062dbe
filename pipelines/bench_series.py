"""Daily series for `bench forecast`: sizes, weeks, slopes, events and noise as shops have them, made from a seed.

Blocks are made one after the other, each from its own seed, so that a million series need the memory of one block.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from models.forecasting.batched_prophet.columns import DayColumns, Event, day_columns, event_columns
from models.forecasting.batched_prophet.settings import ProphetSettings
from models.forecasting.panel import Floats

DAYS, HORIZON = 730, 28
FIRST = date(2024, 10, 1)
MISSING = 0.06  # share of days without a row
EVENTS = tuple(
    Event(name, FIRST + timedelta(days=day + 365 * year))
    for name, day in (
        ("double 11", 41),
        ("double 12", 72),
        ("new year", 92),
        ("spring", 120),
        ("618", 260),
        ("99", 343),
    )
    for year in (0, 1)
)


class Block(NamedTuple):
    """Values (series, DAYS) and, where the series have some, own columns (series, 2, DAYS + HORIZON)."""

    values: Floats
    own: Floats | None


def bench_calendar() -> DayColumns:
    """Columns of the history and of the days ahead, with six events."""
    return day_columns(FIRST, event_columns(FIRST, DAYS + HORIZON, EVENTS)[0], ProphetSettings())


def bench_block(what: str, series: int, seed: int) -> Block:
    """Series of one way: `shared dates`, `missing days` or `own covariates`."""
    rng = np.random.default_rng([seed, len(what)])
    shape, total = (series, DAYS), DAYS + HORIZON
    own = np.stack([rng.random((series, total)) < 0.1, rng.normal(50, 5, (series, total))], axis=1).astype(float)
    level = np.exp(rng.normal(3.5, 1.2, (series, 1)))
    slope = np.cumsum((rng.random(shape) < 0.01) * rng.laplace(0, 0.002, shape), axis=1)
    trend = np.clip(1 + np.cumsum(slope, axis=1), 0.05, None)
    week = np.exp(rng.normal(0, 0.15, (series, 7)))[:, np.arange(DAYS) % 7]
    events = 1 + event_columns(FIRST, DAYS, EVENTS)[0] @ rng.gamma(2, 0.4, (6, series))
    mean = level * trend * week * events.T
    if what == "own covariates":
        mean = mean * (1 + 0.5 * own[:, 0, :DAYS]) * np.exp(-0.02 * (own[:, 1, :DAYS] - 50))
    values = rng.poisson(mean * rng.gamma(20, 1 / 20, shape)).astype(float)
    if what == "missing days":
        values[rng.random(shape) < MISSING] = np.nan
    return Block(values, own if what == "own covariates" else None)


def mixed_block(series: int, seed: int) -> Block:
    """Series of many kinds, all in one block: what a platform really holds."""
    rng = np.random.default_rng(seed)
    values = bench_block("shared dates", series, seed).values
    for i in range(series):
        _change(values[i], i % 8, rng)
    return Block(values, None)


def _change(values: Floats, kind: int, rng: np.random.Generator) -> None:
    """Turn one series (DAYS,) into another kind, in place; kind 0 stays as it is."""
    if kind == 1:  # closed and stock-out days
        values[rng.random(DAYS) < rng.uniform(0.02, 0.4)] = np.nan
        start = rng.integers(0, DAYS - 60)
        values[start : start + rng.integers(5, 60)] = np.nan
    elif kind == 2:  # mostly zeros
        values[:] = rng.poisson(rng.uniform(0.05, 0.8), DAYS)
    elif kind == 3:  # new
        values[: DAYS - rng.integers(2, 200)] = np.nan
    elif kind == 4:  # spikes
        values[rng.integers(0, DAYS, 4)] *= rng.uniform(5, 40)
    elif kind == 5:  # almost flat
        values[:] = rng.uniform(5, 500) * (1 + rng.normal(0, 0.003, DAYS))
    elif kind == 6:  # closed for good, or nothing ever sold
        values[rng.integers(0, DAYS) :] = 0.0
    elif kind == 7:  # a step and a new season
        values[rng.integers(100, 600) :] *= rng.uniform(0.2, 4)
