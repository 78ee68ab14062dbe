"""The business chain of one day: traffic, orders, stock, dispatch, chats, refunds, voices, each fed by the one before.

The idea: one step over all merchants at once. An episode pushes one link (`Pressure`); the links downstream feel it
through what this one hands on, each with its own lag (`Memory`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.simulation.after_sale import SaleTrouble, after_sale_cohort, cases_of_day
from models.simulation.consequences import bad_words, parcel_trouble, sale_trouble, with_fakes
from models.simulation.demand import Closures, Expectation, demand_of_day
from models.simulation.draws import Floats, Ints, Streams, thin
from models.simulation.experience import unhappy_share
from models.simulation.fulfilment import NEAR_AGE, SHIP_BY_AGE, Carriers, Cohort, Lanes, make_cohort
from models.simulation.harm import SurgeHarm
from models.simulation.memory import Memory, Reputation
from models.simulation.noise import Level, RateWander
from models.simulation.offers import Offers
from models.simulation.parameters import SimulationParameters
from models.simulation.pressures import Pressure, Pressures
from models.simulation.products import Products
from models.simulation.promotions import Depths
from models.simulation.purchasing import Buyers
from models.simulation.ran_out import RanOut
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
    closures: Closures
    expectation: Expectation
    episodes: Episodes
    offers: Offers
    detail_start: int
    streams: Streams


@dataclass(frozen=True)
class ChainDay:
    """What happened on a day, (merchants,) unless said otherwise; `stock` is None before the days of detail.

    `bad_reviews` and `fake_reviews` are means of reviews that no customer's experience stands behind.
    """

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
    bad_reviews: Floats
    fake_reviews: Floats


class Chain:
    """State that is carried from day to day."""

    def __init__(self, platform: Platform) -> None:
        parameters, world, streams = platform.parameters, platform.world, platform.streams
        self._platform, self._strain = platform, parameters.strain
        self.level = Level(parameters.demand, world, streams)
        self._wander = RateWander(parameters.demand.noise, world.size, streams)
        self._today = world  # with the rates of the day
        self.buyers = Buyers(parameters, world, platform.products, platform.expectation, platform.season.feast_ends)
        self.stock: Stock | None = None
        self.supply = Supply(platform.episodes, platform.products)
        self.surges = SurgeHarm(platform.episodes, platform.products)
        self.ran_out = RanOut(platform.products, world.size, parameters.stock.ran_out_share)
        self._carriers = Carriers(parameters.fulfilment, len(platform.lanes.carriers), streams)
        self._memory, self._reputation = Memory(), Reputation(self._strain, world.size)
        by_people = 1 - world.traits.rates["bot_share"]
        self._pressures = Pressures(platform.episodes, platform.lanes, self._strain, by_people, world.size)
        categories = list(parameters.categories.values())
        self._refund_rate = np.array([entry.refunds for entry in categories])[world.category]

    def step(self, day: int) -> ChainDay:
        """Go one day on."""
        platform, parameters = self._platform, self._platform.parameters
        streams, pressure = platform.streams, self._pressures.of(day)
        self._today = platform.world.with_rates(self._wander.step(day, platform.world.traits.rates))
        factor = self.level.step(day)
        come = (1 - pressure["traffic"]) * (1 + pressure["surge"])
        buy = (1 - pressure["conversion"]) * self._reputation.factor
        demand = demand_of_day(parameters, platform.expectation, factor, come, day, streams)
        self.buyers.learn(factor * come * buy)
        wanted = demand.lines_wanted * buy * (1 - parameters.service.lost_orders * pressure.reply)
        stock_day = self._stock_day(day, wanted, pressure)
        lines, units = self._lines(day, wanted, stock_day)
        real, buyers = self._orders_of(day, lines)
        visitors = np.maximum(demand.visitors, real)
        fakes = self._fake_orders(day, pressure)
        orders = real + fakes
        cohort = self._parcels(day, orders, fakes, pressure)
        trouble = sale_trouble(self._strain, pressure)
        after = self._after_sale(day, orders, cohort, trouble)
        self._memory.keep(
            orders=real, fakes=fakes, late=cohort.late_share, refunds=trouble.refunds,
            delayed=pressure["carrier"], faulty=pressure["quality"], backlog=pressure.dispatch,
        )  # fmt: skip
        service = self._service(day, visitors, real, pressure)
        self._reputation.hear(bad_words(self._strain, parameters.experience, self._memory, pressure))
        return ChainDay(
            day=day,
            is_open=platform.world.is_open(day),
            depth=self._depth(day),
            visitors=visitors + fakes,
            lines=lines + fakes,
            units=units + fakes,
            orders=orders,
            buyers=buyers + np.ceil(fakes / self._strain.fake_orders_per_buyer).astype(np.int64),
            stock=with_fakes(stock_day, platform.products, fakes),
            cohort=cohort,
            after_sale=after,
            service=service,
            cases=self._cases(day, pressure.reply),
            review_mean=self._memory.ago("orders", parameters.experience.review_lag_days),
            unhappy=self._unhappy(pressure.reply),
            late_recent=self._memory.ago("late", SHIP_BY_AGE) + self._memory.ago("delayed", NEAR_AGE),
            bad_reviews=pressure["bad_reviews"] * self._usual_orders(day) * parameters.experience.reviews_per_order,
            fake_reviews=self._memory.ago("fakes", self._strain.fake_review_lag_days)
            * self._strain.fake_reviews_per_order,
        )

    def _depth(self, day: int) -> Floats:
        """Discount of each shop on a day: its own promotion or the event's, whichever is deeper."""
        return np.maximum(self._platform.depths[day].astype(np.float64), self._platform.season.depth[day])

    def _usual_orders(self, day: int) -> Floats:
        expectation = self._platform.expectation
        return expectation.visitors[day].astype(np.float64) * expectation.conversion[day]

    def _stock_day(self, day: int, wanted: Floats, pressure: Pressure) -> StockDay | None:
        platform = self._platform
        if day < platform.detail_start:
            return None
        if self.stock is None:
            self.stock = Stock(
                platform.parameters, platform.world, platform.products, self.buyers, day, platform.streams
            )
        self.stock.fill_new_shops(day, platform.world.opens == day)
        blocked, new = self.supply.blocked(day)
        appeal: Floats | float = 1.0
        if platform.offers.any:
            self.stock.fill(day, platform.offers.launched(day))
            blocked |= ~platform.offers.is_listed(day)
            appeal = platform.offers.appeal(day)
        ship_share = platform.parameters.stock.ship_share * (1 - pressure.dispatch)
        result = self.stock.step(day, wanted, blocked, new, ship_share, appeal)
        self.supply.observe(day, self.stock, result, self.buyers)
        self.surges.observe(day, pressure, result)
        on_sale = platform.world.is_open(day)[platform.products.merchant] & platform.offers.is_listed(day)
        self.ran_out.observe(day, result, on_sale)
        return result

    def _lines(self, day: int, wanted: Floats, stock_day: StockDay | None) -> tuple[Ints, Ints]:
        """Order lines and units sold per merchant: of the shelves where there are any, else as wanted."""
        products, offers = self._platform.products, self._platform.offers
        if stock_day is not None:
            return (
                products.sum_by_merchant(stock_day.lines_sold).astype(np.int64),
                products.sum_by_merchant(stock_day.units_sold).astype(np.int64),
            )
        if offers.any:
            wanted = wanted * np.asarray(products.sum_by_merchant(products.share * offers.appeal(day)))
        rng = self._platform.streams.of("lines", day)
        lines = rng.poisson(wanted)
        return lines, lines + rng.poisson(lines * self._platform.parameters.demand.extra_units_per_line)

    def _orders_of(self, day: int, lines: Ints) -> tuple[Ints, Ints]:
        """Orders and buyers behind order lines: some orders hold several lines, some buyers order twice."""
        rng = self._platform.streams.of("orders", day)
        share = 1 / self._platform.parameters.demand.lines_per_order
        orders = np.minimum(lines, 1) + thin(rng, np.maximum(lines - 1, 0), share)
        return orders, np.minimum(orders, 1) + thin(rng, np.maximum(orders - 1, 0), 0.96)

    def _fake_orders(self, day: int, pressure: Pressure) -> Ints:
        """Orders that nobody wanted, bought by the shop itself: parcels without goods."""
        rng = self._platform.streams.of("fake orders", day)
        return rng.poisson(pressure["fake_orders"] * self._usual_orders(day))

    def _parcels(self, day: int, orders: Ints, fakes: Ints, pressure: Pressure) -> Cohort:
        platform, shape = self._platform, self._platform.parameters
        ages = shape.feeds.fulfilment_ages
        underpriced = platform.offers.underpriced(day)
        trouble = parcel_trouble(self._strain, orders, fakes, underpriced, pressure)
        return make_cohort(
            shape.fulfilment, self._today, platform.lanes, orders, pressure.dispatch, self._carriers.step(day),
            ages if day >= platform.detail_start else ages[-1:], day, platform.streams, trouble,
        )  # fmt: skip

    def _after_sale(self, day: int, orders: Ints, cohort: Cohort, trouble: SaleTrouble) -> dict[int, dict[str, Ints]]:
        platform = self._platform
        ages = platform.parameters.feeds.after_sale_ages
        return after_sale_cohort(
            platform.parameters, self._today, orders, cohort.late_share, float(platform.season.refunds[day]),
            ages if day >= platform.detail_start else ages[-1:], day, platform.streams, trouble,
        )  # fmt: skip

    def _service(self, day: int, visitors: Ints, orders: Ints, pressure: Pressure) -> dict[str, ServiceDay]:
        platform, shape, memory = self._platform, self._platform.parameters.service, self._memory
        late = memory.ago("late", SHIP_BY_AGE) * memory.ago("orders", SHIP_BY_AGE)
        late = late + memory.ago("delayed", NEAR_AGE) * memory.ago("orders", NEAR_AGE)
        lag = platform.parameters.after_sale.refund_lag_days
        refunds = memory.ago("orders", lag) * (self._refund_rate + memory.ago("refunds", lag))
        # A chat that waits asks again: a backlog feeds itself.
        wanted = sessions_wanted(shape, visitors, orders, late, refunds)
        return {
            phase: service_of_day(
                shape, self._today, phase, wanted[phase] * (1 + 0.5 * pressure.reply), pressure.reply, day,
                platform.streams, pressure["bot"],
            )
            for phase in PHASES
        }  # fmt: skip

    def _cases(self, day: int, backlog: Floats) -> dict[str, Ints | Floats]:
        shape, world = self._platform.parameters.after_sale, self._platform.world
        refund_day = max(0, day - round(shape.refund_lag_days))
        rate = self._refund_rate * float(self._platform.season.refunds[refund_day])
        rate = rate + world.traits.rates["seller_refund"] + self._memory.ago("refunds", shape.refund_lag_days)
        recent = self._memory.ago("orders", shape.refund_lag_days) * world.is_open(day)
        return cases_of_day(shape, recent, rate, backlog, day, self._platform.streams)

    def _unhappy(self, backlog: Floats) -> Floats:
        shape = self._platform.parameters.experience
        late = self._memory.ago("late", shape.review_lag_days) + self._memory.ago("delayed", shape.review_lag_days)
        faulty = self._strain.unhappy_by_fault * self._memory.ago("faulty", shape.review_lag_days)
        return unhappy_share(shape, self._platform.world.traits.rates["unhappy"], late, backlog, faulty)
