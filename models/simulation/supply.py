"""Suppliers that stop delivering: the cause of a stock-out that can be seen coming.

The idea: the products of an episode get nothing from its onset on. When it could be seen and when it did harm is not
planned but observed here, because it depends on the stock that each product happened to have; so supply comes back the
episode's duration after the first product ran out, and every episode does harm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Ints
from models.simulation.offers import best_products
from models.simulation.products import Products
from models.simulation.purchasing import Buyers
from models.simulation.scenarios import Episodes
from models.simulation.stock import Stock, StockDay
from models.simulation.world import NEVER

LONGEST_PROJECTION_DAYS = 120


class Supply:
    """Blocked products by day, and what was seen of each episode row: `observable`, `harm` and `last` day numbers."""

    def __init__(self, episodes: Episodes, products: Products) -> None:
        self._episodes, self._products = episodes, products
        self._rows = np.flatnonzero(episodes.rows_of("supply"))
        parts = [
            best_products(products, int(episodes.merchant[row]), float(episodes.magnitude[row])) for row in self._rows
        ]
        self._product = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        self._row = np.repeat(self._rows, [len(part) for part in parts]) if parts else np.zeros(0, dtype=np.int64)
        self.observable: Ints = np.full(len(episodes.number), NEVER)
        self.harm: Ints = np.full(len(episodes.number), NEVER)
        self.last: Ints = np.full(len(episodes.number), NEVER)
        self._duration = np.where(episodes.last < NEVER, episodes.last - episodes.onset + 1, NEVER)

    def blocked(self, day: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Products (products,) without supply on a day, and those of them since that day."""
        now, new = (np.zeros(self._products.size, dtype=bool) for _ in range(2))
        onset, last = self._episodes.onset[self._row], self.last[self._row]
        active = (onset <= day) & (day <= last)
        now[self._product[active]] = True
        new[self._product[active & (onset == day)]] = True
        return now, new

    def observe(self, day: int, stock: Stock, stock_day: StockDay, buyers: Buyers) -> None:
        """Note episodes that can be seen (stock does not last over the lead time) or do harm (a product ran out)."""
        active = (self._episodes.onset[self._row] <= day) & (day <= self.last[self._row])
        product, row = self._product[active], self._row[active]
        if not len(product):
            return
        lead = self._products.lead_time[product].astype(np.int64)
        short = stock.free[product] + stock.way.units[product] < buyers.expected_units(product, day, lead)
        out = stock_day.hours_out[product] > 0
        np.minimum.at(self.observable, row[short | out], day)
        np.minimum.at(self.harm, row[out], day)
        self.last = np.where(self.harm < NEVER, np.minimum(self.harm + self._duration, NEVER), NEVER)

    def project(self, day: int, stock: Stock, buyers: Buyers) -> None:
        """On the last day, set the harm of episodes still active to the day on which a product will run out."""
        open_rows = self.harm[self._row] == NEVER
        product, row = self._product[open_rows], self._row[open_rows]
        if not len(product):
            return
        free = stock.free[product]
        for ahead in range(1, LONGEST_PROJECTION_DAYS):
            need = buyers.expected_units(product, day, np.full(len(product), ahead))
            np.minimum.at(self.harm, row[need >= free], day + ahead)
