"""Merchants side by side on the same days: the one layout that every calculation here works on.

Rows are merchants, columns are days; the first `history` columns are known days, the rest is the horizon. NaN is "not
known": a day without a number, a closed day and a day that was largely out of stock are all masked, never zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Known = npt.NDArray[np.float32]  # what plans say beyond on and off; NaN = not known

PROMOTION, HOLIDAY, BESIDE_CLOSED = 1, 2, 4  # bits of a day's planned state
STATES = 8
MOSTLY = 0.5  # share of a weekday's days on which a shop is open, above which a closed one is out of the ordinary


@dataclass(frozen=True)
class Panel:
    """A block of merchants.

    Parameters
    ----------
    merchants : array of str (merchants,)
        Ids.
    scope : array of int (merchants,)
        Group of category (and region) that pools factors.
    first_day : date
        Day of column 0.
    values : dict of measure -> array (merchants, history)
        NaN = not known or masked.
    open, promotion, holiday : arrays of bool (merchants, history + horizon)
        What is planned; open is True where nothing is said.
    depth, price : arrays (merchants, history + horizon), optional
        What plans say beyond on and off: depth of the promotion (mean over the products; 0 = none, 1 = of unknown
        depth), and log of the planned price over the usual one. NaN = not known; None = of no merchant.
    """

    merchants: npt.NDArray[np.object_]
    scope: npt.NDArray[np.int32]
    first_day: date
    values: dict[str, Floats]
    open: Flags
    promotion: Flags
    holiday: Flags
    depth: Known | None = None
    price: Known | None = None

    @property
    def days(self) -> int:
        """History and horizon together."""
        return int(self.open.shape[1])

    @cached_property
    def shut(self) -> Flags:
        """Whether a merchant is closed on a day (merchants, days) out of the ordinary."""
        return shut_days(self.open, weekdays(self.first_day, self.days))

    @cached_property
    def state(self) -> npt.NDArray[np.int8]:
        """Planned state of each day: the sum of its bits, 0 where nothing is planned."""
        beside = beside_closed(self.open, self.shut)
        return (self.promotion * PROMOTION + self.holiday * HOLIDAY + beside * BESIDE_CLOSED).astype(np.int8)

    @cached_property
    def tells_more(self) -> Flags:
        """Merchants (merchants,) of whom plans say more than on and off on any day."""
        told: Flags = np.zeros(len(self.merchants), bool)
        if self.depth is not None:
            told |= ((self.depth > 0) & (self.depth < 1)).any(axis=1)
        if self.price is not None:
            told |= (np.nan_to_num(self.price) != 0).any(axis=1)
        return told

    def date_of(self, column: int) -> date:
        """Day of a column."""
        return self.first_day + timedelta(days=column)

    def rows(self, chosen: Ints) -> Panel:
        """Return some of the merchants, in the order asked for."""
        values = {name: matrix[chosen] for name, matrix in self.values.items()}
        plans = (self.open[chosen], self.promotion[chosen], self.holiday[chosen])
        known = (None if plan is None else plan[chosen] for plan in (self.depth, self.price))
        return Panel(self.merchants[chosen], self.scope[chosen], self.first_day, values, *plans, *known)


def joined(panels: Sequence[Panel]) -> Panel:
    """Put blocks of the same days and measures under one another."""
    first = panels[0]
    values = {name: np.concatenate([panel.values[name] for panel in panels]) for name in first.values}
    rows = {
        name: np.concatenate([getattr(panel, name) for panel in panels])
        for name in ("merchants", "scope", "open", "promotion", "holiday")
    }
    depth, price = (_joined_known([getattr(panel, name) for panel in panels], panels) for name in ("depth", "price"))
    return Panel(first_day=first.first_day, values=values, **rows, depth=depth, price=price)


def _joined_known(parts: list[Known | None], panels: Sequence[Panel]) -> Known | None:
    """Put what plans say under one another; a block of which nothing is known has nothing but NaN."""
    if all(part is None for part in parts):
        return None
    shapes = [panel.open.shape for panel in panels]
    return np.concatenate(
        [
            np.full(shape, np.nan, np.float32) if part is None else part
            for part, shape in zip(parts, shapes, strict=True)
        ]
    )


def weekdays(first_day: date, days: int) -> Ints:
    """Weekday (Monday = 0) of each column."""
    return (first_day.weekday() + np.arange(days)) % 7


def month_days(first_day: date, days: int) -> Ints:
    """Day of the month (from 0) of each column."""
    stamps = np.datetime64(first_day) + np.arange(days)
    return (stamps - stamps.astype("datetime64[M]")).astype(np.int64)


def month_left(first_day: date, days: int) -> Ints:
    """Days of the month (from 1, the last one) that are left on each column, itself counted."""
    stamps = np.datetime64(first_day) + np.arange(days)
    following = (stamps.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return (following - stamps).astype(np.int64)


def usually_open(is_open: Flags, weekday: Ints) -> Flags:
    """Days (merchants, days) of such a weekday as each merchant is open on most of the time."""
    usual = np.stack([is_open[:, weekday == day].mean(axis=1) > MOSTLY for day in range(7)], axis=1)
    result: Flags = usual[:, weekday]
    return result


def shut_days(is_open: Flags, weekday: Ints) -> Flags:
    """Days (merchants, days) that are closed out of the ordinary, on a weekday that is usually an open one."""
    if is_open.all():
        return np.zeros_like(is_open)
    result: Flags = ~is_open & usually_open(is_open, weekday)
    return result


def beside_closed(is_open: Flags, shut: Flags) -> Flags:
    """Open days next to a day that is closed out of the ordinary: what is not sold on a holiday is sold around it."""
    beside = np.zeros_like(is_open)
    beside[:, 1:] |= shut[:, :-1]
    beside[:, :-1] |= shut[:, 1:]
    result: Flags = beside & is_open
    return result


def scatter(rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> Floats:
    """Lay (row, column, value) triples into a matrix; what nobody mentions is NaN."""
    matrix = np.full(shape, np.nan)
    matrix[rows, columns] = values
    return matrix


def mask_days(values: Floats, is_open: Flags, out_of_stock_share: Floats, most: float) -> Floats:
    """Return values with closed and largely sold-out days as NaN.

    Parameters
    ----------
    values : array (merchants, history)
    is_open : array of bool (merchants, history)
    out_of_stock_share : array (merchants, history)
        NaN where stock is not delivered: such days stay.
    most : float
        Largest share of the assortment out of stock that still counts as a day of demand.
    """
    sold_out = np.nan_to_num(out_of_stock_share, nan=0.0) > most
    return np.where(is_open & ~sold_out, values, np.nan)
