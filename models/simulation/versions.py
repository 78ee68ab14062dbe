"""Later versions of rows wait here until the day on which they are delivered.

Only rows that differ from the version before are delivered again: what did not change is no news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Rows:
    """Rows of a feed before they become a table: whose they are, their date (a day number) and their columns."""

    merchant: NDArray[np.int64]
    date: int
    columns: dict[str, NDArray[Any]]

    def take(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return some of the rows."""
        return Rows(self.merchant[chosen], self.date, {name: values[chosen] for name, values in self.columns.items()})


def changed(before: Columns, now: Columns) -> NDArray[np.bool_]:
    """Rows in which any column differs."""
    different = np.zeros(len(next(iter(now.values()))), dtype=bool)
    for name, values in now.items():
        if values is not before[name]:
            different |= values != before[name]
    return different


class Pending:
    """Versions by feed and day of delivery."""

    def __init__(self) -> None:
        self._by_day: dict[tuple[str, int], list[Rows]] = defaultdict(list)

    def add_versions(
        self, feed: str, merchant: NDArray[np.int64], keep: NDArray[np.bool_], day: int, versions: Mapping[int, Columns]
    ) -> None:
        """Queue the versions of a day's rows, by age; the first of them whole, the others where they differ.

        Parameters
        ----------
        merchant, keep : (rows,)
            Whose row it is, and whether it exists at all.
        versions
            Columns (rows,) by age in days; ages rise.
        """
        before: Columns | None = None
        for age, columns in versions.items():
            chosen = keep if before is None else keep & changed(before, columns)
            if chosen.any():
                rows = Rows(merchant, day, dict(columns)).take(chosen)
                self._by_day[feed, day + age].append(rows)
            before = columns

    def add(self, feed: str, due: int, rows: Rows) -> None:
        """Queue rows for a day."""
        self._by_day[feed, due].append(rows)

    def take(self, feed: str, day: int) -> list[Rows]:
        """Rows of a feed that are delivered on a day, oldest date first."""
        return sorted(self._by_day.pop((feed, day), []), key=lambda rows: rows.date)
