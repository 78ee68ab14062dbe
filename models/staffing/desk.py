"""What is known of service desks: consultations by day and hour, and what brings them.

The idea: consultations before a sale follow visitors, those after it follow orders (of the last days, as far as the
platform's desks show it), so that an event ahead lifts them as it lifts its cause. A merchant of which no cause is
known and forecast has its own mean day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PHASES = ("pre_sale", "after_sale")
DRIVERS = ("visitors", "orders", "units")
OWN_MEAN = len(DRIVERS)  # driver code of a merchant without any
# Codes of drivers in the order in which they are looked for.
PREFERENCE = ((0, 1, 2), (1, 2, 0))
AFTER_SALE = PHASES.index("after_sale")
LEAD_DAYS = 6  # days before the first known one that a running mean reaches back to
LEAST_DAYS = 5


@dataclass(frozen=True)
class Desks:
    """Service desks of n merchants over d known days and h days ahead.

    Parameters
    ----------
    category : (n,) int array
        Code; -1 = nothing was learned of it.
    sessions : (n, 2, d, 24) array
        Consultations by phase, day and hour; NaN on days that are not known.
    human_sessions, handle_seconds : (n, 2) arrays
        People's, over the known days.
    drivers : (n, 3, LEAD_DAYS + d + h) array
        Visitors, orders and units: known, then forecast; NaN = not known.
    spread : (n, 3, h) array
        Standard deviation of the forecast over its mean.
    """

    category: Ints
    sessions: Floats
    human_sessions: Floats
    handle_seconds: Floats
    drivers: Floats
    spread: Floats

    @property
    def days(self) -> int:
        """Known days."""
        return int(self.sessions.shape[2])

    @property
    def daily(self) -> Floats:
        """Consultations by phase and day; (n, 2, d), NaN where not known."""
        result: Floats = self.sessions.sum(axis=3)
        return result


@dataclass(frozen=True)
class Causes:
    """The driver of each merchant and phase.

    Parameters
    ----------
    code : (n, 2) int array
        Position in `DRIVERS`, or `OWN_MEAN`.
    known, ahead : (n, 2, d) and (n, 2, h) arrays
        Its values; NaN on days that do not count.
    spread : (n, 2, h) array
    """

    code: Ints
    known: Floats
    ahead: Floats
    spread: Floats


def causes_of(desks: Desks, after_sale_days: int) -> Causes:
    """Choose the driver of each merchant and phase.

    Parameters
    ----------
    after_sale_days : int
        Consultations after a sale follow the mean of so many days of orders, today's included.
    """
    parts = [
        _cause(desks, phase, order, after_sale_days if phase == AFTER_SALE else 1)
        for phase, order in enumerate(PREFERENCE)
    ]
    return Causes(*(np.stack([part[place] for part in parts], axis=1) for place in range(4)))  # type: ignore[arg-type]


def _cause(desks: Desks, phase: int, order: tuple[int, ...], days: int) -> tuple[Ints, Floats, Floats, Floats]:
    told = np.isfinite(desks.sessions[:, phase, :, 0])
    merchants, horizon = len(desks.category), desks.spread.shape[2]
    code = np.full(merchants, OWN_MEAN, dtype=np.int64)
    known = np.where(told, 1.0, np.nan)
    ahead, spread = np.ones((merchants, horizon)), np.zeros((merchants, horizon))
    for driver in reversed(order):
        series = running_mean(desks.drivers[:, driver], days)[:, LEAD_DAYS:]
        past, future = np.where(told, series[:, : desks.days], np.nan), series[:, desks.days :]
        fit = (np.isfinite(past).sum(axis=1) >= LEAST_DAYS) & (np.nansum(past, axis=1) > 0)
        fit &= np.isfinite(future).all(axis=1)
        code[fit], known[fit], ahead[fit], spread[fit] = driver, past[fit], future[fit], desks.spread[fit, driver]
    return code, known, ahead, np.nan_to_num(spread)


def running_mean(series: Floats, days: int) -> Floats:
    """Mean of each day and the days before it, as far as they are known; NaN where the day itself is not.

    Parameters
    ----------
    series : (n, length) array
    days : int
        1 leaves the series as it is.
    """
    known = np.isfinite(series)
    total, count = (
        np.concatenate([np.zeros((len(series), 1)), np.cumsum(values, axis=1)], axis=1)
        for values in (np.where(known, series, 0.0), known.astype(np.float64))
    )
    last = np.arange(1, series.shape[1] + 1)
    first = np.maximum(last - days, 0)
    seen = count[:, last] - count[:, first]
    mean = (total[:, last] - total[:, first]) / np.maximum(seen, 1.0)
    return np.where(known, mean, np.nan)
