"""How many people visit each shop on each day, and what they want to buy.

The idea: an expected value that everyone could know (growth, season, week, events, promotions) times a factor that
nobody can (`noise.py`), so that counts are negative-binomial around a wandering level, as real shops' are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints, Streams
from models.simulation.parameters import SimulationParameters
from models.simulation.promotions import Depths
from models.simulation.season import Season
from models.simulation.world import World


@dataclass(frozen=True)
class Expectation:
    """What could be known in advance, (days + look-ahead, merchants), float32 to halve the memory.

    `visitors` per day, `conversion` = orders per visitor, `orders_until` = orders expected before each day, summed
    (one row more), which buyers use to look ahead.
    """

    visitors: NDArray[np.float32]
    conversion: NDArray[np.float32]
    orders_until: NDArray[np.float64]


@dataclass(frozen=True)
class DayDemand:
    """Demand of one day, (merchants,): visitors, and the order lines that customers want on average."""

    visitors: Ints
    lines_wanted: Floats


@dataclass(frozen=True)
class Closures:
    """Holidays of single shops, (n,): whose, from when to when (both included), and the share of visitors kept away."""

    merchant: Ints
    first: Ints
    last: Ints
    share: Floats


def expect(
    parameters: SimulationParameters, world: World, season: Season, depths: Depths, closures: Closures | None = None
) -> Expectation:
    """Lay out the expected visitors and conversion of all merchants and days."""
    shape = parameters.demand
    length = len(season.weekday)
    day = np.arange(length, dtype=np.float32)[:, None]
    power = _event_power(parameters, world)
    visitors = season.yearly[:, world.category].astype(np.float32)
    visitors += season.weekday.astype(np.float32)[:, None]
    visitors += season.is_weekend.astype(np.float32)[:, None] * np.log(world.weekend).astype(np.float32)
    visitors += season.visitors.astype(np.float32)[:, None] * power
    visitors += np.log1p(shape.promotion_visitors * depths)
    visitors += (day - world.days + 1) / np.float32(365) * world.growth.astype(np.float32)
    np.exp(visitors, out=visitors)
    visitors *= (world.orders / world.conversion).astype(np.float32)
    _apply_lives(visitors, parameters, world)
    conversion = season.conversion.astype(np.float32)[:, None] * power + np.log1p(shape.promotion_conversion * depths)
    np.exp(conversion, out=conversion)
    conversion *= world.conversion.astype(np.float32)
    np.minimum(conversion, np.float32(0.6), out=conversion)
    if closures is not None:
        _apply_closures(visitors, conversion, closures)
    orders_until = np.zeros((length + 1, world.size))
    np.cumsum(visitors * conversion, axis=0, out=orders_until[1:])
    return Expectation(visitors, conversion, orders_until)


def _event_power(parameters: SimulationParameters, world: World) -> NDArray[np.float32]:
    of_category = np.array([entry.event for entry in parameters.categories.values()])
    return np.asarray(of_category[world.category] * world.event_power, dtype=np.float32)


def _apply_lives(visitors: NDArray[np.float32], parameters: SimulationParameters, world: World) -> None:
    """New shops ramp up, sleeping ones fall to a trickle, closed ones to nothing."""
    shape = parameters.world
    for day in range(len(visitors)):
        age = day - world.opens
        ramp = np.clip(0.25 + 0.75 * age / shape.new_ramp_days, 0.25, 1.0)
        factor = np.where(day >= world.dormant_from, shape.dormant_level, ramp)
        visitors[day] *= np.where(world.is_open(day), factor, 0.0).astype(np.float32)


def _apply_closures(visitors: NDArray[np.float32], conversion: NDArray[np.float32], closures: Closures) -> None:
    """A closed shop sells nothing; a few still look at it."""
    for index, merchant in enumerate(closures.merchant):
        days = slice(closures.first[index], closures.last[index] + 1)
        visitors[days, merchant] *= np.float32(1 - closures.share[index])
        conversion[days, merchant] = 0


def demand_of_day(
    parameters: SimulationParameters,
    expectation: Expectation,
    factor: Floats,
    traffic: Floats,
    day: int,
    streams: Streams,
) -> DayDemand:
    """Draw the day's visitors and the lines they want on average.

    Parameters
    ----------
    factor : (merchants,) from `Level.step`
    traffic : (merchants,) share of visitors that still come (1 = all); scenarios lower it
    """
    rng = streams.of("demand", day)
    mean = expectation.visitors[day].astype(np.float64) * factor * traffic
    visitors = rng.poisson(mean)
    lines = mean * expectation.conversion[day] * parameters.demand.lines_per_order
    return DayDemand(visitors, lines)
