"""What the platform delivers of a day: one table per feed, as it lies in the day's files.

The idea: rows come in three ways. New facts of the day are written at once, rows that mature wait as later versions,
and plans run ahead. A silent feed loses its rows, and they never come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.simulation.chain import ChainDay, Platform
from models.simulation.draws import Ints
from models.simulation.fulfilment import COLUMNS as FULFILMENT_COLUMNS
from models.simulation.service import COLUMNS as SERVICE_COLUMNS
from models.simulation.service import PHASES, by_hour, roster_of_day
from models.simulation.tables import coded, days_as_dates, sku_ids, table
from models.simulation.versions import Pending, Rows


class Delivery:
    """Turns days of the chain into tables of feeds; remembers versions that are still to come."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        world = platform.world
        self.merchant_ids = pa.array(world.ids, pa.string())
        self._pending = Pending()
        self._sku_ids = sku_ids(platform.products)
        lanes = platform.lanes
        self._carriers, self._warehouses = pa.array(lanes.carriers), pa.array(lanes.warehouses)

    def tables(self, chain: ChainDay) -> dict[str, list[pa.Table]]:
        """Feed tables (each a list of parts) that are delivered on the day, silence not yet applied."""
        self._queue(chain)
        feeds: dict[str, list[pa.Table]] = {
            "storefront": [self._storefront(chain)],
            "cases": [self._of_open(chain, chain.cases)],
            "plans": self._plans(chain),
            "fulfilment": [self._fulfilment(rows) for rows in self._pending.take("fulfilment", chain.day)],
            "after_sale": [self._plain(rows) for rows in self._pending.take("after_sale", chain.day)],
            "service": [
                self._service(rows, phase)
                for phase in PHASES
                for rows in self._pending.take(f"service {phase}", chain.day)
            ],
        }
        last = self._platform.world.days - 1
        shape = self._platform.parameters.feeds
        if chain.day > last - shape.service_hour_days:
            feeds["service_hour"] = [self._service_hour(chain, phase) for phase in PHASES]
        first_roster = last - shape.roster_days_back
        if chain.day >= first_roster:
            ahead = shape.roster_days_ahead
            dates = range(chain.day, chain.day + ahead + 1) if chain.day == first_roster else [chain.day + ahead]
            feeds["roster"] = [self._roster(chain, date) for date in dates]
        return feeds

    def _queue(self, chain: ChainDay) -> None:
        """Queue all versions of the day's rows, the first among them."""
        platform, everyone = self._platform, np.arange(self._platform.world.size)
        lanes = platform.lanes.merchant
        self._pending.add_versions(
            "fulfilment", np.arange(len(lanes)), chain.is_open[lanes], chain.day, chain.cohort.versions
        )
        self._pending.add_versions("after_sale", everyone, chain.is_open, chain.day, chain.after_sale)
        for phase, service in chain.service.items():
            versions: Mapping[int, Any] = {0: service.first, 1: service.second, 2: service.final}
            if chain.day < platform.detail_start:
                versions = {2: service.final}
            self._pending.add_versions(f"service {phase}", everyone, chain.is_open, chain.day, versions)

    def _head(self, merchant: Ints, date: int) -> dict[str, Any]:
        return {
            "date": days_as_dates(self._platform.world.first_day, date, len(merchant)),
            "merchant_id": coded(merchant, self.merchant_ids),
        }

    def _of_open(self, chain: ChainDay, columns: Mapping[str, NDArray[Any]]) -> pa.Table:
        merchant = np.flatnonzero(chain.is_open)
        return table(
            {**self._head(merchant, chain.day), **{name: values[merchant] for name, values in columns.items()}}
        )

    def _plain(self, rows: Rows) -> pa.Table:
        return table({**self._head(rows.merchant, rows.date), **rows.columns})

    def _service(self, rows: Rows, phase: str) -> pa.Table:
        which = coded(np.full(len(rows.merchant), PHASES.index(phase)), PHASES)
        columns = {name: rows.columns[name] for name in SERVICE_COLUMNS}
        return table({**self._head(rows.merchant, rows.date), "phase": which, **columns})

    def _fulfilment(self, rows: Rows) -> pa.Table:
        lanes, lane = self._platform.lanes, rows.merchant
        columns = {name: rows.columns[name] for name in FULFILMENT_COLUMNS}
        return table(
            {
                **self._head(lanes.merchant[lane], rows.date),
                "carrier": coded(lanes.carrier[lane], self._carriers),
                "warehouse": coded(lanes.warehouse[lane], self._warehouses),
                **columns,
            }
        )

    def _storefront(self, chain: ChainDay) -> pa.Table:
        shape = self._platform.parameters.demand
        rng = self._platform.streams.of("storefront", chain.day)
        more_pages = rng.poisson(chain.visitors * (shape.pages_per_visitor - 1))
        carts = np.maximum(rng.binomial(chain.visitors, shape.carts_per_visitor), chain.orders)
        columns = {
            "visitors": chain.visitors,
            "page_views": chain.visitors + more_pages,
            "carts": carts,
            "orders": chain.orders,
            "buyers": chain.buyers,
        }
        return self._of_open(chain, columns)

    def _plans(self, chain: ChainDay) -> list[pa.Table]:
        """Plans of the day that comes into sight, and of all days in sight for shops that are new to the platform."""
        world, ahead = self._platform.world, self._platform.parameters.feeds.plan_days_ahead
        new = (world.opens <= 0) if chain.day == 0 else (world.opens == chain.day)
        parts = (
            [self._plan(np.flatnonzero(new), date) for date in range(chain.day, chain.day + ahead)] if new.any() else []
        )
        of_products = range(chain.day, chain.day + ahead + 1) if chain.day == 0 else [chain.day + ahead]
        parts += [self._plan_of_products(date) for date in of_products]
        return [*parts, self._plan(np.flatnonzero(chain.is_open), chain.day + ahead)]

    def _plan(self, merchant: Ints, date: int) -> pa.Table:
        platform = self._platform
        holiday = bool(platform.season.holiday[date])
        return table(
            {
                **self._head(merchant, date),
                "sku_id": coded(np.zeros(len(merchant), dtype=np.int64), [""]),
                "open": ~self._is_closed(date)[merchant],
                "promotion": np.round(platform.depths[date, merchant].astype(np.float64), 2),
                "price": pa.nulls(len(merchant), pa.float64()),
                "holiday": np.full(len(merchant), holiday),
            }
        )

    def _is_closed(self, date: int) -> NDArray[np.bool_]:
        """Shops (merchants,) on a holiday of their own."""
        closures, result = self._platform.closures, np.zeros(self._platform.world.size, dtype=bool)
        result[closures.merchant[(closures.first <= date) & (date <= closures.last)]] = True
        return result

    def _plan_of_products(self, date: int) -> pa.Table:
        """Planned prices of single products: price tests, and new products from their launch on."""
        planned, products = self._platform.offers.planned(date), self._platform.products
        merchant = products.merchant[planned.product]
        return table(
            {
                **self._head(merchant, date),
                "sku_id": coded(products.number[planned.product], self._sku_ids),
                "open": np.ones(len(merchant), dtype=bool),
                "promotion": np.zeros(len(merchant)),
                "price": planned.price,
                "holiday": np.full(len(merchant), bool(self._platform.season.holiday[date])),
            }
        )

    def _service_hour(self, chain: ChainDay, phase: str) -> pa.Table:
        columns = by_hour(chain.service[phase], phase, chain.day, self._platform.streams)
        sessions = columns["sessions"] * chain.is_open[:, None]
        merchant, hour = np.nonzero(sessions)
        return table(
            {
                "date": days_as_dates(self._platform.world.first_day, chain.day, len(merchant)),
                "hour": hour,
                "merchant_id": coded(merchant, self.merchant_ids),
                "phase": coded(np.full(len(merchant), PHASES.index(phase)), PHASES),
                **{name: values[merchant, hour] for name, values in columns.items()},
            }
        )

    def _roster(self, chain: ChainDay, date: int) -> pa.Table:
        """Planned from what the shop expects of the day, not from what will happen on it."""
        platform, shape = self._platform, self._platform.parameters.service
        visitors = platform.expectation.visitors[date].astype(np.float64)
        orders = visitors * platform.expectation.conversion[date]
        chats = visitors * shape.pre_sale_per_visitor + orders * shape.after_sale_per_order
        people = chats * (1 - platform.world.traits.rates["bot_share"] * shape.bot_resolves) * chain.is_open
        keeps, agents = roster_of_day(shape, people)
        row, hour = np.nonzero(agents)
        return table(
            {
                "date": days_as_dates(platform.world.first_day, date, len(row)),
                "hour": hour,
                "merchant_id": coded(keeps[row], self.merchant_ids),
                "agents": agents[row, hour].astype(np.float64),
                "concurrency": np.full(len(row), float(shape.concurrency)),
            }
        )
