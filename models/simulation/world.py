"""The merchants of the simulated platform: who, where, how large, and with which lasting traits.

The idea: everything that stays the same over the days is drawn here once, as one array per property, so that a day is
array arithmetic over all merchants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints, Streams, trait_rates, two_piece_lognormal
from models.simulation.parameters import SimulationParameters
from models.simulation.words import Words, shop_names

NEVER = 1_000_000  # a day number that no simulation reaches


@dataclass(frozen=True)
class Traits:
    """Lasting rates of each merchant, (n,), and which are chronically bad."""

    rates: dict[str, Floats]
    in_tail: dict[str, NDArray[np.bool_]]


@dataclass(frozen=True)
class World:
    """Merchants as arrays (n,); days are numbers from the first simulated day.

    `locale`, `category`, `region` are codes into the lists of the same name in plural; `closes` is NEVER for
    nearly all.
    """

    first_day: date
    days: int
    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    locales: list[str]
    categories: list[str]
    regions: list[str]
    stages: list[str]
    locale: Ints
    category: Ints
    region: Ints
    stage: Ints
    opens: Ints
    closes: Ints
    dormant_from: Ints
    growth: Floats
    orders: Floats
    conversion: Floats
    dispersion: Floats
    weekend: Floats
    event_power: Floats
    products: Ints
    manager: Ints
    mentor: NDArray[np.bool_]
    traits: Traits

    @property
    def size(self) -> int:
        """Number of merchants."""
        return len(self.ids)

    def with_rates(self, rates: dict[str, Floats]) -> World:
        """Return the same merchants with other rates, as on a day."""
        return replace(self, traits=replace(self.traits, rates=rates))

    def is_open(self, day: int) -> NDArray[np.bool_]:
        """Merchants that trade on a day."""
        return (self.opens <= day) & (day < self.closes)


def _choice(rng: np.random.Generator, weights: list[float], size: int) -> Ints:
    shares = np.array(weights) / sum(weights)
    return rng.choice(len(weights), size=size, p=shares).astype(np.int64)


def make_world(
    parameters: SimulationParameters, words: Words, merchants: int, first_day: date, days: int, streams: Streams
) -> World:
    """Draw the merchants.

    Parameters
    ----------
    merchants, days
        At least 1 each.
    """
    rng = streams.of("world")
    shape = parameters.world
    locales, categories = list(shape.locales), list(parameters.categories)
    regions, stages = list(parameters.regions), list(shape.stages)
    locale = _choice(rng, list(shape.locales.values()), merchants)
    category = _choice(rng, [entry.weight for entry in parameters.categories.values()], merchants)
    region = _choice(rng, [entry.weight for entry in parameters.regions.values()], merchants)
    stage = _choice(rng, [entry.share for entry in shape.stages.values()], merchants)
    opens, closes, dormant_from = _lives(rng, parameters, stage, stages, days)
    low, high = np.array([entry.growth for entry in shape.stages.values()]).T
    demand = parameters.demand
    size, variety = rng.standard_normal((2, merchants))
    orders = shape.orders_median * np.exp(shape.orders_sigma * size)
    variety = shape.products_by_size * size + np.sqrt(1 - shape.products_by_size**2) * variety
    products = shape.products_median * np.exp(shape.products_sigma * variety)
    names = shop_names(words, [locales[i] for i in locale], [categories[i] for i in category], streams.of("shop names"))
    return World(
        first_day=first_day,
        days=days,
        ids=np.array([f"M{number:06d}" for number in range(1, merchants + 1)], dtype=object),
        names=names,
        locales=locales,
        categories=categories,
        regions=regions,
        stages=stages,
        locale=locale,
        category=category,
        region=region,
        stage=stage,
        opens=opens,
        closes=closes,
        dormant_from=dormant_from,
        growth=rng.uniform(low[stage], high[stage]),
        orders=orders,
        conversion=np.minimum(
            demand.conversion_median * np.exp(demand.conversion_sigma * rng.standard_normal(merchants)), 0.3
        ),
        dispersion=np.minimum(two_piece_lognormal(rng, demand.dispersion, merchants), demand.dispersion_most),
        weekend=np.exp(demand.weekend_spread * rng.standard_normal(merchants)),
        event_power=np.exp(demand.event_power_spread * rng.standard_normal(merchants)),
        products=np.clip(np.rint(products), 1, shape.products_most).astype(np.int64),
        manager=_managers(orders, shape.managers_per_merchants, len(words.managers)),
        mentor=rng.random(merchants) < shape.mentor_share,
        traits=_traits(parameters, merchants, streams),
    )


def _lives(
    rng: np.random.Generator, parameters: SimulationParameters, stage: Ints, stages: list[str], days: int
) -> tuple[Ints, Ints, Ints]:
    """Day numbers of opening, closing and falling asleep."""
    shape, size = parameters.world, len(stage)
    age = rng.integers(shape.new_within_days + 30, 2500, size)
    is_new = stage == stages.index("new") if "new" in stages else np.zeros(size, dtype=bool)
    age = np.where(is_new, rng.integers(3, shape.new_within_days + 1, size), age)
    opens = (days - 1 - age).astype(np.int64)
    closing = (rng.random(size) < shape.closed_share) & ~is_new
    closes = np.where(closing, rng.integers(days // 2, days, size), NEVER)
    asleep = stage == stages.index("dormant") if "dormant" in stages else np.zeros(size, dtype=bool)
    dormant_from = np.where(asleep, days - rng.integers(60, 200, size), NEVER)
    return opens, closes.astype(np.int64), dormant_from.astype(np.int64)


def _managers(orders: Floats, per_merchants: int, names: int) -> Ints:
    """Number of the account manager of the largest fifth of merchants; -1 where there is none."""
    rank = np.argsort(np.argsort(-orders, kind="stable"), kind="stable")
    managers = min(names, max(1, len(orders) // (5 * per_merchants) + 1))
    return np.where(rank < max(1, len(orders) // 5), rank % managers, -1).astype(np.int64)


def _traits(parameters: SimulationParameters, merchants: int, streams: Streams) -> Traits:
    drawn = {
        name: trait_rates(streams.of(f"trait {name}"), trait, merchants) for name, trait in parameters.traits().items()
    }
    return Traits({name: pair[0] for name, pair in drawn.items()}, {name: pair[1] for name, pair in drawn.items()})
