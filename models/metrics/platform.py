"""A platform's own arithmetic: a plain rate against its limit, and a count of events or buyers that may go with it.

All rates here are bad rates (higher is worse). The same rule answers for today, for days ahead and for "n more until
red", so that the page never contradicts the light.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics.lights import BoolArray
from models.metrics.rules import Limit

FloatArray = npt.NDArray[np.float64]
TextArray = npt.NDArray[np.object_]
CLOSE = 1e-9  # events; rates are quotients of whole numbers, so that less than this is rounding


@dataclass(frozen=True)
class PlatformRule:
    """When a platform acts.

    Parameters
    ----------
    limit : float
        The limit as a bad rate.
    breach_at_limit : bool
        Whether a rate that equals the limit is a breach already.
    at_most : float or None
        Number of counted events or buyers that is let pass; None where the platform counts none.
    both : bool
        Whether the rate and the count must be over their limits; else one of them is enough.
    per_exposure : bool
        Whether one more bad event comes without one more order (contacts per order); else it is one order more.
    """

    limit: float
    breach_at_limit: bool = False
    at_most: float | None = None
    both: bool = True
    per_exposure: bool = False

    @staticmethod
    def of(limit: Limit, higher_is_better: bool, per_exposure: bool = False) -> PlatformRule:
        """Rule of a platform limit that has a red value."""
        red = float(limit.red or 0.0)
        count = limit.count
        return PlatformRule(
            1 - red if higher_is_better else red,
            limit.at_limit == "breach",
            count.at_most if count else None,
            count is None or count.breach == "both",
            per_exposure,
        )

    def rate_is_over(self, bad: FloatArray, total: FloatArray) -> BoolArray:
        """Whether the plain rate is beyond the limit; without events it is not."""
        allowed = self.limit * np.nan_to_num(total)
        over = np.nan_to_num(bad) >= allowed - CLOSE if self.breach_at_limit else np.nan_to_num(bad) > allowed + CLOSE
        return over & (np.nan_to_num(total) > 0)

    def decide(self, bad: FloatArray, total: FloatArray, counted: FloatArray) -> tuple[BoolArray, BoolArray]:
        """Whether the platform acts, and where that cannot be told because nobody counts what it counts.

        An unknown count is at most the number of bad events, so that few bad events still decide.
        """
        over = self.rate_is_over(bad, total)
        if self.at_most is None:
            return over, np.zeros_like(over)
        unknown = np.isnan(counted) & (np.nan_to_num(bad) > self.at_most)
        many = np.nan_to_num(counted) > self.at_most
        if self.both:
            return over & many, over & unknown
        return over | many, ~over & unknown

    def allowed_more(self, bad: FloatArray, total: FloatArray, counted: FloatArray) -> FloatArray:
        """Bad events that may come among `total` events without a breach, `bad` and `counted` of which are there.

        Every new bad event is taken to count. Negative where the breach is there already.
        """
        at = self.limit * total - bad
        room = np.ceil(at - CLOSE) - 1 if self.breach_at_limit else np.floor(at + CLOSE)
        if self.at_most is None:
            return room
        left = self.at_most - np.where(np.isnan(counted), bad, counted)
        return np.maximum(room, left) if self.both else np.minimum(room, left)

    def more_bad_until_breach(self, bad: FloatArray, total: FloatArray, counted: FloatArray) -> FloatArray:
        """Smallest k for which k more bad events are a breach; 0 when it is there already."""
        by_rate = self._more_bad_by_rate(bad, total)
        if self.at_most is None:
            return by_rate
        left = np.maximum(self.at_most + 1 - np.where(np.isnan(counted), bad, counted), 0)
        return np.maximum(by_rate, left) if self.both else np.fmin(by_rate, left)

    def _more_bad_by_rate(self, bad: FloatArray, total: FloatArray) -> FloatArray:
        if self.limit >= 1 and not self.per_exposure:
            return np.full_like(bad, np.nan)
        ratio = (self.limit * total - bad) / (1.0 if self.per_exposure else 1 - self.limit)
        needed = np.ceil(ratio - CLOSE) if self.breach_at_limit else np.floor(ratio + CLOSE) + 1
        return np.where(np.isnan(bad), np.nan, np.maximum(needed, 0))

    def good_until_allowed(self, bad: FloatArray, total: FloatArray, counted: FloatArray) -> FloatArray:
        """Smallest k for which k more good events end the breach; NaN when no number does."""
        by_rate = self._good_by_rate(bad, total)
        if self.at_most is None:
            return by_rate
        many = np.where(np.isnan(counted), bad, counted) > self.at_most
        return np.where(many, by_rate, 0.0) if self.both else np.where(many, np.nan, by_rate)

    def _good_by_rate(self, bad: FloatArray, total: FloatArray) -> FloatArray:
        if self.limit <= 0:
            return np.where(bad > 0, np.nan, 0.0)
        ratio = bad / self.limit - total
        needed = np.floor(ratio + CLOSE) + 1 if self.breach_at_limit else np.ceil(ratio - CLOSE)
        return np.where(np.isnan(bad), np.nan, np.maximum(needed, 0))


def counted_in(bad: FloatArray, counts: FloatArray) -> FloatArray:
    """What is counted by day: a day without bad events has none, whether or not anybody counted.

    Parameters
    ----------
    bad, counts : arrays (merchants, days)
    """
    return np.where(bad == 0, 0.0, np.where(np.isnan(bad), np.nan, counts))


def sum_counted(bad: FloatArray, counts: FloatArray) -> FloatArray:
    """Sum over the days; NaN where a day with bad events has no count."""
    by_day = counted_in(bad, counts)
    missing = (np.isnan(by_day) & ~np.isnan(bad)).any(axis=1)
    return np.where(missing, np.nan, np.nansum(by_day, axis=1))


def grades(limit: Limit | None, observed: FloatArray, higher_is_better: bool) -> TextArray:
    """The platform's own grade of each figure; empty where it has no grades or nothing is known."""
    result = np.full(len(observed), "", dtype=object)
    if limit is None or not limit.bands:
        return result
    known = ~np.isnan(observed)
    result[known] = limit.beyond
    sign = -1.0 if higher_is_better else 1.0
    for band in reversed(limit.bands):
        result[known & (sign * np.nan_to_num(observed) <= sign * band.up_to + 1e-12)] = band.grade
    return result
