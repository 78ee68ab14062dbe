"""Shelves that ran empty although nothing was done to them: who was merely unlucky is out of stock all the same.

An alert that a shop will run out before it can be replaced is right where the shelves then are empty. So the truth
names every spell in which products of a good part of a shop's demand were out at once, from the day on which an order
would have come too late. Such spells are nobody's scenario: evaluation counts them among the lasting traits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Floats, Ints
from models.simulation.products import Products
from models.simulation.stock import StockDay

Flags = NDArray[np.bool_]
GAP_DAYS = 3  # a spell goes on over so many days with goods between


class Spells(NamedTuple):
    """Spells (spells,): whose, the day numbers of the last useful order, of the first empty shelf and of the last, and
    the largest share of the demand that was out."""

    merchant: Ints
    onset: Ints
    first: Ints
    last: Ints
    share: Floats


class RanOut:
    """Watches the shelves of all shops, day by day.

    Parameters
    ----------
    products : Products
    merchants : int
    least_share : float
        Share of a shop's demand whose products are out of stock at some hour of a day, from which on it ran out.
    """

    def __init__(self, products: Products, merchants: int, least_share: float) -> None:
        self._products, self._least = products, least_share
        self._first, self._last = (np.full(merchants, -1, dtype=np.int64) for _ in range(2))
        self._lead = np.zeros(merchants)
        self._share = np.zeros(merchants)
        self._over: list[Spells] = []

    def observe(self, day: int, stock_day: StockDay, on_sale: Flags) -> None:
        """Take in a day's shelves; products (products,) that are not on sale are missed by nobody."""
        out = (stock_day.hours_out > 0) & on_sale
        share = np.asarray(self._products.sum_by_merchant(self._products.share * out), dtype=np.float64)
        empty = share >= self._least
        self._end((self._first >= 0) & (day - self._last > GAP_DAYS + 1))
        new = empty & (self._first < 0)
        self._first[new], self._share[new], self._lead[new] = day, 0.0, 0.0
        late = out & new[self._products.merchant]
        np.maximum.at(self._lead, self._products.merchant[late], self._products.lead_time[late])
        self._last[empty] = day
        self._share[empty] = np.maximum(self._share, share)[empty]

    def _end(self, over: Flags) -> None:
        rows = np.flatnonzero(over)
        if len(rows):
            lead = np.ceil(self._lead[rows]).astype(np.int64)
            first = self._first[rows]
            onset = np.maximum(first - lead, 0)
            self._over.append(Spells(rows, onset, first, self._last[rows], self._share[rows]))
            self._first[rows] = -1

    def spells(self) -> Spells:
        """All spells so far; one that has not ended is there with its last day."""
        self._end(self._first >= 0)
        none = np.zeros(0, dtype=np.int64)
        parts = self._over or [Spells(none, none, none, none, np.zeros(0))]
        merchant, onset, first, last, share = (np.concatenate(column) for column in zip(*parts, strict=True))
        self._over = [Spells(merchant, onset, first, last, share)]
        return self._over[0]
