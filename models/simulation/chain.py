"""The business chain of one day: traffic, orders, stock, dispatch, chats, refunds, voices, each fed by the one before.

The idea: one step over all merchants at once; what a link needs of the past (late shares, orders to be reviewed now) is
kept as a short history of arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.simulation.after_sale import after_sale_cohort, cases_of_day
from models.simulation.demand import Expectation, Level, demand_of_day
from models.simulation.draws import Floats, Ints, Streams, thin
from models.simulation.experience import unhappy_share
from models.simulation.fulfilment import SHIP_BY_AGE, Carriers, Cohort, Lanes, make_cohort
from models.simulation.parameters import SimulationParameters
from models.simulation.products import Products
from models.simulation.promotions import Depths
from models.simulation.purchasing import Buyers
from models.simulation.scenarios import Episodes
from models.simulation.season import Season
from models.simulation.service import PHASES, ServiceDay, service_of_day, sessions_wanted
from models.simulation.stock import Stock, StockDay
from models.simulation.supply import Supply
from models.simulation.world import World


@dataclass(frozen=True)
class Platform:
    """Everything that is fixed before the first day."""

    parameters: SimulationParameters
    world: World
    season: Season
    products: Products
    lanes: Lanes
    depths: Depths
    expectation: Expectation
    episodes: Episodes
    detail_start: int
    streams: Streams


@dataclass(frozen=True)
class ChainDay:
    """What happened on a day, (merchants,) unless said otherwise; `stock` is None before the days of detail."""

    day: int
    is_open: NDArray[np.bool_]
    depth: Floats
    visitors: Ints
    lines: Ints
    units: Ints
    orders: Ints
    buyers: Ints
    stock: StockDay | None
    cohort: Cohort
    after_sale: dict[int, dict[str, Ints]]
    service: dict[str, ServiceDay]
    cases: dict[str, Ints | Floats]
    review_mean: Floats
    unhappy: Floats
    late_recent: Floats


class Chain:
    """State that is carried from day to day."""

    def __init__(self, platform: Platform) -> None:
        parameters, world, streams = platform.parameters, platform.world, platform.streams
        self._platform = platform
        self.level = Level(parameters, world, streams)
        self.buyers = Buyers(parameters, world, platform.products, platform.expectation, platform.season.feast_ends)
        self.stock: Stock | None = None
        self.supply = Supply(platform.episodes, platform.products)
        self._carriers = Carriers(parameters.fulfilment, len(platform.lanes.carriers), streams)
        self._orders: list[Ints] = []
        self._late: list[Floats] = []
        categories = list(parameters.categories.values())
        self._refund_rate = np.array([entry.refunds for entry in categories])[world.category]

    def step(self, day: int) -> ChainDay:
        """Go one day on."""
        platform, parameters = self._platform, self._platform.parameters
        world, streams = platform.world, platform.streams
        strength = {
            name: platform.episodes.strength(name, day, world.size) for name in ("traffic", "dispatch", "reply")
        }
        factor = self.level.step(day)
        demand = demand_of_day(parameters, platform.expectation, factor, 1 - strength["traffic"], day, streams)
        self.buyers.learn(factor * (1 - strength["traffic"]))
        wanted = demand.lines_wanted * (1 - parameters.service.lost_orders * strength["reply"])
        stock_day = self._stock_day(day, wanted, strength["dispatch"])
        lines, units = self._lines(day, wanted, stock_day)
        orders, buyers = self._orders_of(day, lines)
        visitors = np.maximum(demand.visitors, orders)
        ages = parameters.feeds.fulfilment_ages
        cohort = make_cohort(
            parameters.fulfilment, world, platform.lanes, orders, strength["dispatch"], self._carriers.step(day),
            ages if day >= platform.detail_start else ages[-1:], day, streams,
        )  # fmt: skip
        after_ages = parameters.feeds.after_sale_ages
        after = after_sale_cohort(
            parameters, world, orders, cohort.late_share, float(platform.season.refunds[day]),
            after_ages if day >= platform.detail_start else after_ages[-1:], day, streams,
        )  # fmt: skip
        self._orders.append(orders)
        self._late.append(cohort.late_share)
        return ChainDay(
            day=day,
            is_open=world.is_open(day),
            depth=self._depth(day),
            visitors=visitors,
            lines=lines,
            units=units,
            orders=orders,
            buyers=buyers,
            stock=stock_day,
            cohort=cohort,
            after_sale=after,
            service=self._service(day, visitors, orders, strength["reply"]),
            cases=self._cases(day, strength["reply"]),
            review_mean=self._ago(self._orders, parameters.experience.review_lag_days),
            unhappy=self._unhappy(strength["reply"]),
            late_recent=self._ago(self._late, SHIP_BY_AGE),
        )

    def _depth(self, day: int) -> Floats:
        """Discount of each shop on a day: its own promotion or the event's, whichever is deeper."""
        return np.maximum(self._platform.depths[day].astype(np.float64), self._platform.season.depth[day])

    @staticmethod
    def _ago(history: Sequence[NDArray[Any]], days: float) -> Floats:
        """Return what a history held some days ago; its first entry before there was any."""
        return history[max(0, len(history) - 1 - round(days))].astype(np.float64)

    def _stock_day(self, day: int, wanted: Floats, backlog: Floats) -> StockDay | None:
        platform = self._platform
        if day < platform.detail_start:
            return None
        if self.stock is None:
            self.stock = Stock(
                platform.parameters, platform.world, platform.products, self.buyers, day, platform.streams
            )
        self.stock.fill_new_shops(day, platform.world.opens == day)
        blocked, new = self.supply.blocked(day)
        ship_share = platform.parameters.stock.ship_share * (1 - backlog)
        result = self.stock.step(day, wanted, blocked, new, ship_share)
        self.supply.observe(day, self.stock, result, self.buyers)
        return result

    def _lines(self, day: int, wanted: Floats, stock_day: StockDay | None) -> tuple[Ints, Ints]:
        """Order lines and units sold per merchant: of the shelves where there are any, else as wanted."""
        products = self._platform.products
        if stock_day is not None:
            return (
                products.sum_by_merchant(stock_day.lines_sold).astype(np.int64),
                products.sum_by_merchant(stock_day.units_sold).astype(np.int64),
            )
        rng = self._platform.streams.of("lines", day)
        lines = rng.poisson(wanted)
        return lines, lines + rng.poisson(lines * self._platform.parameters.demand.extra_units_per_line)

    def _orders_of(self, day: int, lines: Ints) -> tuple[Ints, Ints]:
        """Orders and buyers behind order lines: some orders hold several lines, some buyers order twice."""
        rng = self._platform.streams.of("orders", day)
        share = 1 / self._platform.parameters.demand.lines_per_order
        orders = np.minimum(lines, 1) + thin(rng, np.maximum(lines - 1, 0), share)
        return orders, np.minimum(orders, 1) + thin(rng, np.maximum(orders - 1, 0), 0.96)

    def _service(self, day: int, visitors: Ints, orders: Ints, backlog: Floats) -> dict[str, ServiceDay]:
        platform, shape = self._platform, self._platform.parameters.service
        late = self._ago(self._late, SHIP_BY_AGE) * self._ago(self._orders, SHIP_BY_AGE)
        refunds = self._ago(self._orders, platform.parameters.after_sale.refund_lag_days) * self._refund_rate
        # A chat that waits asks again: a backlog feeds itself.
        wanted = sessions_wanted(shape, visitors, orders, late, refunds)
        return {
            phase: service_of_day(
                shape, platform.world, phase, wanted[phase] * (1 + 0.5 * backlog), backlog, day, platform.streams
            )
            for phase in PHASES
        }

    def _cases(self, day: int, backlog: Floats) -> dict[str, Ints | Floats]:
        shape = self._platform.parameters.after_sale
        refund_day = max(0, day - round(shape.refund_lag_days))
        rate = self._refund_rate * float(self._platform.season.refunds[refund_day])
        rate = rate + self._platform.world.traits.rates["seller_refund"]
        recent = self._ago(self._orders, shape.refund_lag_days) * self._platform.world.is_open(day)
        return cases_of_day(shape, recent, rate, backlog, day, self._platform.streams)

    def _unhappy(self, backlog: Floats) -> Floats:
        shape = self._platform.parameters.experience
        late = self._ago(self._late, shape.review_lag_days)
        return unhappy_share(shape, self._platform.world.traits.rates["unhappy"], late, backlog)
