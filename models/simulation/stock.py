"""Stock day by day: what is on hand decides what can be sold, and what was sold decides what is left.

The recursion over days is the only true loop of the simulation. Units balance exactly:
free tomorrow = free today + received - sold, where free = on hand - reserved, and nothing is sold that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints, Streams, thin
from models.simulation.inbound import Lines, OnTheWay
from models.simulation.parameters import SimulationParameters
from models.simulation.products import Products
from models.simulation.purchasing import Buyers
from models.simulation.world import World


@dataclass(frozen=True)
class StockDay:
    """One day of all products (products,), and the purchase order lines that changed on it."""

    lines_sold: Ints
    units_sold: Ints
    on_hand: Ints
    reserved: Ints
    hours_out: Floats
    ordered: Lines
    received: Lines
    called_off: Lines


class Stock:
    """State of all shelves; `on_hand` and `reserved` are whole units (products,)."""

    def __init__(
        self,
        parameters: SimulationParameters,
        world: World,
        products: Products,
        buyers: Buyers,
        day: int,
        streams: Streams,
    ) -> None:
        self._parameters, self._products, self._buyers, self._streams = parameters, products, buyers, streams
        self.way = OnTheWay(products.size)
        self.reserved: Ints = np.zeros(products.size, dtype=np.int64)
        rng = streams.of("stock start")
        everything = np.arange(products.size)
        # A shop that opens later is filled on its opening, by `fill_new_shops`.
        point, up_to = buyers.targets(everything, day)
        later = world.opens[products.merchant] >= day
        start = point + rng.random(products.size) * (up_to - point)
        self.on_hand: Ints = np.ceil(start * _overstock(parameters, world, products, rng)).astype(np.int64)
        self.on_hand[later | (products.listed > day)] = 0

    @property
    def free(self) -> Ints:
        """Units that can still be promised."""
        return self.on_hand - self.reserved

    def step(
        self,
        day: int,
        lines_wanted: Floats,
        blocked: NDArray[np.bool_],
        newly_blocked: NDArray[np.bool_],
        ship_share: Floats,
        appeal: Floats | float = 1.0,
    ) -> StockDay:
        """Go one day on.

        Parameters
        ----------
        lines_wanted : (merchants,) order lines that customers want on average
        blocked : (products,) whose supplier neither delivers nor takes orders
        newly_blocked : (products,) those of them since today; their open orders are called off
        ship_share : (merchants,) of reserved units, the part that leaves the house today
        appeal : (products,) factor on the demand of each product; 0 = not on sale
        """
        rng = self._streams.of("stock", day)
        products = self._products
        called_off = self.way.call_off(newly_blocked) if newly_blocked.any() else self.way.arrive(-1)
        received = self.way.arrive(day)
        np.add.at(self.on_hand, received.product, received.units)
        free = self.free
        wanted_lines = rng.poisson(lines_wanted[products.merchant] * products.share * appeal)
        extra = rng.poisson(wanted_lines * self._parameters.demand.extra_units_per_line)
        wanted = wanted_lines + extra
        sold = np.minimum(wanted, free)
        lines = np.minimum(wanted_lines, sold)
        with np.errstate(divide="ignore", invalid="ignore"):
            in_stock = np.where(free <= 0, 0.0, np.where(wanted > free, free / wanted, 1.0))
        shipped = thin(rng, self.reserved, ship_share[products.merchant])
        self.reserved = self.reserved + sold - shipped
        self.on_hand = self.on_hand - shipped
        ordered = self._order(day, blocked, rng)
        return StockDay(
            lines, sold, self.on_hand, self.reserved, np.round(24 * (1 - in_stock), 1), ordered, received, called_off
        )

    def _order(self, day: int, blocked: NDArray[np.bool_], rng: np.random.Generator) -> Lines:
        products = self._products
        position = (self.free + self.way.units).astype(np.float64)
        rows, units = self._buyers.order(day, position, ~blocked)
        lead, deviation = products.lead_time[rows], products.lead_time_sd[rows]
        actual = np.maximum(np.rint(rng.normal(lead, deviation)), 1).astype(np.int64)
        promised = np.ceil(lead + self._parameters.stock.promise_deviations * deviation).astype(np.int64)
        lines = Lines(rows, np.full(len(rows), day), day + promised, units)
        self.way.add(lines, day + actual)
        return lines

    def fill_new_shops(self, day: int, opening: NDArray[np.bool_]) -> None:
        """Give shops (merchants,) that open on a day their first stock, as their buyers would have ordered it."""
        self.fill(day, np.flatnonzero(opening[self._products.merchant]))

    def fill(self, day: int, rows: Ints) -> None:
        """Give products (indices) that are new on a day their first stock."""
        if len(rows):
            point, up_to = self._buyers.targets(rows, day)
            first = np.ceil((point + up_to) / 2).astype(np.int64)
            self.on_hand[rows] = np.maximum(self.on_hand[rows], first)


def _overstock(parameters: SimulationParameters, world: World, products: Products, rng: np.random.Generator) -> Floats:
    """Factor on the first stock: a few shops once bought far too much of some products."""
    hit = rng.random(products.size) < world.traits.rates["overstock"][products.merchant]
    return np.where(hit, rng.uniform(*parameters.stock.overstock_times, products.size), 1.0)
