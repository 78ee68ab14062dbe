"""A rate that keeps its limit today and breaks it within the horizon: one model for all rates together.

The idea: held against its own limit, a late-dispatch rate and a refund rate are the same kind of thing, so the few
breaches of each teach all. Sums are counted as the metric counts them: its window, its lag, its fewest orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.risk.outlook.feature import Feature, matrix
from models.risk.outlook.history import BoolArray, FloatArray, History, IntArray
from models.risk.outlook.outcomes import ALREADY, BREACH, FEW_ORDERS, Standing, notes
from models.risk.outlook.rows import Rows, hashed, join_rows, scattered
from models.risk.outlook.settings import OutlookSettings

WEEK = 7

BREACH_FEATURES = (
    Feature("over_limit", "near_limit", 1),
    Feature("over_limit_week", "near_limit", 1),
    Feature("over_limit_fortnight", "near_limit", 1),
    Feature("room", "near_limit", -1),
    Feature("worst", "was_over", 1),
    Feature("week_change", "rate_rising", 1),
    Feature("bad_falling_out", "old_bad_days", 0),
    Feature("bad_day_share", "bad_days", 0),
    Feature("orders", "few_orders", 0),
    Feature("orders_week", "few_orders", 0),
    Feature("limit", "limit", 0),
    Feature("window_days", "limit", 0),
)


@dataclass(frozen=True)
class RateSeries:
    """A rate of bad events by merchant and day.

    Parameters
    ----------
    metric : str
    bad, total : arrays (merchants, days)
        A metric where higher is better has been turned over.
    limit : float
        Red limit of the bad rate.
    window, lag : int
        Days of the metric's window, and how many days before today it ends.
    least_total, least_bad : float
        Fewest events for a light.
    """

    metric: str
    bad: FloatArray
    total: FloatArray
    limit: float
    window: int
    lag: int
    least_total: float
    least_bad: float

    @property
    def name(self) -> str:
        """Name of the outcome in the tables."""
        return f"{BREACH}:{self.metric}"


@dataclass(frozen=True)
class RateHistory:
    """Sums of one rate over windows that end at any column."""

    series: RateSeries
    settings: OutlookSettings
    _bad: FloatArray = field(init=False)
    _total: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        for name, values in (("_bad", self.series.bad), ("_total", self.series.total)):
            sums = np.cumsum(np.pad(np.nan_to_num(values), ((0, 0), (1, 0))), axis=1)
            object.__setattr__(self, name, sums)

    def sums(self, at: int, days: int, before: int = 0) -> tuple[FloatArray, FloatArray]:
        """Bad events and all events of the `days` that end `before` days before the window's end at column `at`."""
        stop = max(at + 1 - self.series.lag - before, 0)
        start = max(stop - days, 0)
        return self._bad[:, stop] - self._bad[:, start], self._total[:, stop] - self._total[:, start]

    def over(self, at: int) -> BoolArray:
        """Whether the limit is broken on a column."""
        bad, total = self.sums(at, self.series.window)
        return self._judged(bad, total) & (bad > self.series.limit * total)

    def over_until(self, at: int, days: int) -> BoolArray:
        """Whether it is broken on any of the `days` after a column."""
        ends = np.arange(at + 1, at + 1 + days) - self.series.lag + 1
        ends = np.clip(ends, 0, self._bad.shape[1] - 1)
        starts = np.maximum(ends - self.series.window, 0)
        bad, total = (sums[:, ends] - sums[:, starts] for sums in (self._bad, self._total))
        return np.asarray((self._judged(bad, total) & (bad > self.series.limit * total)).any(axis=1))

    def standing(self, at: int) -> Standing:
        """Rates with enough orders and inside their limit; well: far enough below it."""
        bad, total = self.sums(at, self.series.window)
        few, over = total < self.series.least_total, self.over(at)
        healthy = bad <= self.settings.breach.healthy_share * self.series.limit * total
        eligible = ~few & ~over
        return Standing(eligible, eligible & healthy, notes((FEW_ORDERS, few), (ALREADY, over)))

    def features(self, at: int) -> FloatArray:
        """Features (merchants, features) of a column."""
        series, limit = self.series, self.series.limit
        bad, total = self.sums(at, series.window)
        week, fortnight = self.sums(at, WEEK), self.sums(at, 2 * WEEK)
        oldest = self.sums(at, WEEK, max(series.window - WEEK, 0))
        steady = 1.0 / limit  # pseudo-orders: one bad event's worth
        rate = (bad + 1) / (total + steady)
        found = {
            "over_limit": np.log(rate / limit),
            "over_limit_week": np.log((week[0] + rate * steady) / (week[1] + steady) / limit),
            "over_limit_fortnight": np.log((fortnight[0] + rate * steady) / (fortnight[1] + steady) / limit),
            "room": (limit * total - bad) / np.sqrt(limit * total + 1),
            "worst": self._worst(at),
            "week_change": (week[0] - rate * week[1]) / np.sqrt(rate * week[1] + 1),
            "bad_falling_out": (oldest[0] - rate * oldest[1]) / np.sqrt(rate * oldest[1] + 1),
            "bad_day_share": self._bad_days(at),
            "orders": np.log(total + 1),
            "orders_week": np.log((week[1] + 1) / (total * WEEK / series.window + 1)),
            "limit": np.full(len(bad), np.log(limit)),
            "window_days": np.full(len(bad), float(series.window)),
        }
        return matrix(BREACH_FEATURES, found)

    def _judged(self, bad: FloatArray, total: FloatArray) -> BoolArray:
        return np.asarray((total >= self.series.least_total) & (bad >= self.series.least_bad))

    def _worst(self, at: int) -> FloatArray:
        """Highest quotient of rate and limit on the same weekday of the last four weeks, steadied, as a log."""
        steady = 1.0 / self.series.limit
        pairs = [self.sums(at - WEEK * back, self.series.window) for back in range(1, 5)]
        rates = [(bad + 1) / (total + steady) / self.series.limit for bad, total in pairs]
        worst: FloatArray = np.log(np.max(rates, axis=0))
        return worst

    def _bad_days(self, at: int) -> FloatArray:
        """Share of the last fortnight's days with a bad event."""
        stop = max(at + 1 - self.series.lag, 0)
        days = self._bad[:, max(stop - 2 * WEEK, 0) : stop + 1]
        share: FloatArray = (np.diff(days, axis=1) > 0).sum(axis=1) / (2 * WEEK)
        return share


def breach_rows(
    series: Sequence[RateSeries],
    history: History,
    horizon: int,
    origins: Sequence[int] | IntArray,
    use: BoolArray,
    settings: OutlookSettings,
) -> Rows:
    """Rows of all rates over origins.

    Parameters
    ----------
    history : History
        Of the same days, and of these merchants among others.
    use : array of bool (merchants of the history,)
        Whose rates these are, in their order.
    """
    numbers = hashed(history)[use]
    parts: list[Rows] = []
    for one in series:
        rates = RateHistory(one, settings)
        for origin in origins:
            at = history.place(int(origin))
            standing = rates.standing(at)
            known = standing.eligible
            parts.append(
                Rows(
                    rates.features(at)[known],
                    rates.over_until(at, horizon)[known],
                    standing.healthy[known],
                    np.full(int(known.sum()), origin, dtype=np.int64),
                    scattered(numbers[known], int(origin) + len(parts)),
                    np.ones(int(known.sum())),
                )
            )
    return join_rows(parts, len(BREACH_FEATURES))
