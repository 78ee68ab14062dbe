"""Merchants' days as matrices, and sums over windows of them that cost the same however long the window is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
CountArray = npt.NDArray[np.int16]
ColumnArray = npt.NDArray[np.floating[Any]]  # single precision is enough for what was counted

UNITS = "sales_units"


@dataclass(frozen=True)
class Plans:
    """What merchants have announced, arrays (merchants, days + days ahead).

    Parameters
    ----------
    closed, promotion : arrays
        1 where a closed day or a promotion is announced, else 0.
    known_on : array of int
        Ordinal of the day on which this was delivered.
    """

    closed: FloatArray
    promotion: FloatArray
    known_on: IntArray

    def rows(self, chosen: IntArray) -> Plans:
        """Plans of some merchants."""
        return Plans(self.closed[chosen], self.promotion[chosen], self.known_on[chosen])


@dataclass(frozen=True)
class History:
    """Columns by merchant and day; the last column is the last day known.

    Parameters
    ----------
    ids : array (merchants,) of str
    last_day : int
        Ordinal (`date.toordinal`) of the last column.
    columns : mapping of name -> array (merchants, days), of any float type
        Named as in `merchant_day`; NaN where nothing is known. A column may be missing: nothing is known of it.
    plans : Plans, optional
    """

    ids: npt.NDArray[np.object_]
    last_day: int
    columns: Mapping[str, ColumnArray]
    plans: Plans | None = None
    _sums: dict[str, tuple[FloatArray, CountArray]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def days(self) -> int:
        """Number of days."""
        return int(self.units.shape[1])

    @property
    def first_day(self) -> int:
        """Ordinal of the first column."""
        return self.last_day - self.days + 1

    @property
    def units(self) -> ColumnArray:
        """Units sold; a day without a row counts 0 here."""
        return self.columns[UNITS]

    def place(self, day: int) -> int:
        """Column of a day."""
        return day - self.first_day

    def rows(self, chosen: IntArray) -> History:
        """History of some merchants."""
        columns = {name: values[chosen] for name, values in self.columns.items()}
        return History(self.ids[chosen], self.last_day, columns, self.plans.rows(chosen) if self.plans else None)

    def window(self, name: str, at: int, days: int, lag: int = 0) -> FloatArray:
        """Sum of a column over the `days` up to column `at - lag`, array (merchants,); NaN where no day is known."""
        total, known = self._window(name, at, days, lag)
        return np.where(known > 0, total, np.nan)

    def total(self, name: str, at: int, days: int, lag: int = 0) -> FloatArray:
        """Sum over a window in which a day that is not known counts 0."""
        return self._window(name, at, days, lag)[0]

    def ahead(self, name: str, at: int, days: int) -> FloatArray:
        """Sum over the `days` after column `at`, a day that is not known counting 0."""
        return self._window(name, at + days, days, 0)[0]

    def _window(self, name: str, at: int, days: int, lag: int) -> tuple[FloatArray, CountArray]:
        sums, counts = self._cumulated(name)
        stop = min(max(at - lag + 1, 0), self.days)
        start = max(at - lag + 1 - days, 0)
        start = min(start, stop)
        return sums[:, stop] - sums[:, start], counts[:, stop] - counts[:, start]

    def _cumulated(self, name: str) -> tuple[FloatArray, CountArray]:
        if name not in self._sums:
            shape = (len(self.ids), self.days + 1)
            sums, counts = np.zeros(shape), np.zeros(shape, dtype=np.int16)
            values = self.columns.get(name)
            if values is not None:
                np.cumsum(np.nan_to_num(values), axis=1, dtype=np.float64, out=sums[:, 1:])
                np.cumsum(~np.isnan(values), axis=1, dtype=np.int16, out=counts[:, 1:])
            self._sums[name] = (sums, counts)
        return self._sums[name]
