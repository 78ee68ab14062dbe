"""Orders on their way from suppliers, line by line, until they arrive or are called off.

Lines wait in the batch of the day they arrive; the recursion needs nothing else of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.simulation.draws import Ints


@dataclass(frozen=True)
class Lines:
    """Purchase order lines (n,): `product` is an index into the products, days are numbers."""

    product: Ints
    ordered: Ints
    due: Ints
    units: Ints

    def take(self, chosen: NDArray[np.bool_]) -> Lines:
        """Return some of the lines."""
        return Lines(self.product[chosen], self.ordered[chosen], self.due[chosen], self.units[chosen])


def join_lines(parts: list[Lines]) -> Lines:
    """Put lines together."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Lines(none, none, none, none)
    return Lines(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("product", "ordered", "due", "units"))
    )


class OnTheWay:
    """Lines that have not arrived, by day of arrival; `units` on the way per product."""

    def __init__(self, products: int) -> None:
        self.units: Ints = np.zeros(products, dtype=np.int64)
        self._by_day: dict[int, list[Lines]] = defaultdict(list)

    def add(self, lines: Lines, arrives: Ints) -> None:
        """Send lines on their way; `arrives` is the day of each."""
        np.add.at(self.units, lines.product, lines.units)
        for day in np.unique(arrives):
            self._by_day[int(day)].append(lines.take(arrives == day))

    def arrive(self, day: int) -> Lines:
        """Take the lines of a day out."""
        lines = join_lines(self._by_day.pop(day, []))
        np.subtract.at(self.units, lines.product, lines.units)
        return lines

    def call_off(self, products: NDArray[np.bool_]) -> Lines:
        """Take all lines of some products out, wherever they are; they never arrive."""
        gone = []
        for day, parts in self._by_day.items():
            lines = join_lines(parts)
            hit = products[lines.product]
            if hit.any():
                gone.append(lines.take(hit))
                self._by_day[day] = [lines.take(~hit)]
        lines = join_lines(gone)
        np.subtract.at(self.units, lines.product, lines.units)
        return lines
