"""The simulation from parameters to tables: one day after another, and the truth at the end.

The idea: `Simulation` is pure. It holds no file and no clock; whoever runs it takes each day's tables and puts them
where he likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from models.calendar.event import Event
from models.simulation.chain import Chain, ChainDay, Platform
from models.simulation.delivery import Delivery
from models.simulation.demand import Closures, expect
from models.simulation.draws import Ints, Streams
from models.simulation.fulfilment import make_lanes
from models.simulation.offers import Offers, with_launches
from models.simulation.parameters import SimulationParameters
from models.simulation.placing import place_episodes
from models.simulation.products import make_products
from models.simulation.promotions import add_promotions, own_promotions
from models.simulation.scenarios import Episodes, Scenario
from models.simulation.season import make_season
from models.simulation.shelves import Shelves
from models.simulation.snapshots import (
    events_announced,
    events_table,
    merchants_changed,
    merchants_table,
    products_changed,
    products_table,
)
from models.simulation.truth import truth_table
from models.simulation.voices import Voices
from models.simulation.words import Words
from models.simulation.world import make_world

LOOK_AHEAD_DAYS = 75  # beyond the end: longest lead time, longest review, and plans
EVENT_LOCALE = "zh-CN"  # the platform's own language


@dataclass(frozen=True)
class DayTables:
    """What is delivered on a day: one table per feed; feeds with nothing to say are left out."""

    day: date
    tables: dict[str, pa.Table]


class Simulation:
    """A simulated platform.

    Parameters
    ----------
    merchants, days
        How many; the last day is `end`.
    events
        Of the market's calendar.
    scenarios
        What goes wrong; may be empty.
    seed
        The same seed and parameters give the same tables.
    """

    def __init__(
        self,
        parameters: SimulationParameters,
        words: Words,
        events: Iterable[Event],
        scenarios: tuple[Scenario, ...],
        merchants: int,
        days: int,
        end: date,
        seed: int,
    ) -> None:
        if merchants < 1 or days < 2:
            raise ValueError(f"a simulation needs at least 1 merchant and 2 days, not {merchants} and {days}")
        self._words, self._events = words, list(events)
        self.platform = _make_platform(parameters, words, self._events, scenarios, merchants, days, end, Streams(seed))
        self._chain = Chain(self.platform)
        self._delivery = Delivery(self.platform)
        self._shelves = Shelves(self.platform, self._delivery.merchant_ids)
        self._voices = Voices(self.platform, words, self._delivery.merchant_ids, self._shelves.sku_ids)

    def chain_days(self) -> Iterator[ChainDay]:
        """Run the chain alone, day by day, without tables; a simulation runs once."""
        for day in range(self.platform.world.days):
            yield self._chain.step(day)

    def days(self) -> Iterator[DayTables]:
        """Run the chain and deliver each day's tables; a simulation runs once."""
        for chain in self.chain_days():
            feeds = {**self._snapshots(chain.day), **self._delivery.tables(chain), **self._shelves.tables(chain)}
            if chain.stock is not None:
                feeds |= self._voices.tables(chain)
            joined = {feed: pa.concat_tables(parts) for feed, parts in feeds.items() if parts}
            spoken = {feed: self._without_silent(feed, chain.day, rows) for feed, rows in joined.items()}
            yield DayTables(
                self.platform.world.first_day + timedelta(days=chain.day),
                {feed: rows for feed, rows in spoken.items() if rows.num_rows},
            )

    def truth(self) -> pa.Table:
        """Every episode; complete once the last day has run."""
        if self._chain.stock is not None:
            self._chain.supply.project(self.platform.world.days - 1, self._chain.stock, self._chain.buyers)
        return truth_table(self.platform, self._chain.supply, self._chain.surges, self._chain.ran_out.spells())

    def _snapshots(self, day: int) -> dict[str, list[pa.Table]]:
        platform, world, shape = self.platform, self.platform.world, self.platform.parameters.feeds
        feeds: dict[str, list[pa.Table]] = {}
        rows = merchants_changed(world, day)
        if len(rows):
            timezones = platform.parameters.world.timezones
            feeds["merchants"] = [merchants_table(world, rows, day, timezones, self._words.managers)]
        rows = products_changed(world, platform.products, day, platform.detail_start)
        if len(rows):
            feeds["products"] = [products_table(world, platform.products, rows, self._shelves.sku_ids)]
        announced = events_announced(world, self._events, day, shape.event_days_ahead)
        if announced:
            feeds["events"] = [events_table(announced, EVENT_LOCALE)]
        return feeds

    def _without_silent(self, feed: str, day: int, rows: pa.Table) -> pa.Table:
        """Leave out the rows of merchants whose feed is silent on a day."""
        world = self.platform.world
        silent = self.platform.episodes.strength("silence", day, world.size, feed) > 0
        if not silent.any() or "merchant_id" not in rows.column_names:
            return rows
        heard = pa.array(world.ids[~silent], pa.string())
        ids = rows.column("merchant_id").cast(pa.string())
        return rows.filter(pa.compute.is_in(ids, value_set=heard))


def _make_platform(
    parameters: SimulationParameters,
    words: Words,
    events: list[Event],
    scenarios: tuple[Scenario, ...],
    merchants: int,
    days: int,
    end: date,
    streams: Streams,
) -> Platform:
    first_day = end - timedelta(days=days - 1)
    world = make_world(parameters, words, merchants, first_day, days, streams)
    season = make_season(parameters, events, first_day, days + LOOK_AHEAD_DAYS)
    detail_start = max(0, days - parameters.feeds.detail_days)
    products = make_products(parameters, words, world, detail_start, streams)
    lanes = make_lanes(parameters, world, streams)
    episodes = place_episodes(scenarios, world, streams, lanes)
    products = with_launches(products, episodes)
    depths = own_promotions(parameters.demand, merchants, days + LOOK_AHEAD_DAYS, streams)
    planned = episodes.rows_of("promotion")
    last = np.minimum(episodes.last, days + LOOK_AHEAD_DAYS - 1)
    add_promotions(
        depths, episodes.merchant[planned], episodes.onset[planned], last[planned], episodes.magnitude[planned]
    )
    closures = _closures(episodes, last)
    return Platform(
        parameters=parameters,
        world=world,
        season=season,
        products=products,
        lanes=lanes,
        depths=depths,
        closures=closures,
        expectation=expect(parameters, world, season, depths, closures),
        episodes=episodes,
        offers=Offers(episodes, products, parameters.strain),
        detail_start=detail_start,
        streams=streams,
    )


def _closures(episodes: Episodes, last: Ints) -> Closures:
    """Holidays of single shops, from the episodes that are such."""
    rows = episodes.rows_of("closure")
    return Closures(episodes.merchant[rows], episodes.onset[rows], last[rows], episodes.magnitude[rows])
