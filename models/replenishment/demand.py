"""Demand of the days ahead as a running sum, for all products at once.

The idea: lead times, covers and events all ask "how much until then?", so one object answers it for any (fractional)
number of days, and carries on at the usual daily rate where the forecast ends. The usual rate is the median day, so
that a promotion inside the forecast does not stretch into the months behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Demand:
    """Daily forecast of n products over h days.

    Parameters
    ----------
    mean, sd : (n, h) arrays
        Units of day 1 ... h; rows of NaN where there is no forecast.
    correlation : float
        Between the errors of any two days: the variance of a sum is (1 - c) * sum(sd^2) + c * (sum sd)^2.
    """

    mean: Floats
    sd: Floats
    correlation: float = 0.0

    @property
    def days(self) -> int:
        """Days that the forecast reaches."""
        return int(self.mean.shape[1])

    @cached_property
    def total(self) -> Floats:
        """Units until the end of day 0 ... h; (n, h + 1)."""
        return _running(self.mean)

    @cached_property
    def total_sd(self) -> Floats:
        """Standard deviation of `total`; (n, h + 1)."""
        return self._spread(_running(self.sd**2), _running(self.sd))

    @cached_property
    def usual_rate(self) -> Floats:
        """Units of the median day ahead, or of the mean day where half the days have none; (n,)."""
        middle = np.median(self.mean, axis=1)
        return np.where(middle > 0, middle, self.mean.mean(axis=1))

    def until(self, days: Floats) -> Floats:
        """Mean units demanded within `days` ((n,) or (n, k), fractional allowed)."""
        return self._at(self.total, self.usual_rate, days)

    def sd_until(self, days: Floats) -> Floats:
        """Standard deviation of the units demanded within `days`."""
        usual_sd = np.median(self.sd, axis=1)
        squares = self._at(_running(self.sd**2), usual_sd**2, days)
        return self._spread(squares, self._at(_running(self.sd), usual_sd, days))

    def days_covered(self, stock: Floats, longest: float) -> Floats:
        """Days until mean demand has used up a stock ((n,)); at most `longest`, which also stands for "no demand"."""
        reached = self.total <= stock[:, None]
        day = np.clip(reached.sum(axis=1) - 1, 0, self.days)
        rows = np.arange(len(stock))
        start = self.total[rows, day]
        inside = day < self.days
        rate = np.where(inside, self.mean[rows, np.minimum(day, self.days - 1)], self.usual_rate)
        rest = np.full(len(stock), np.inf)
        np.divide(stock - start, rate, out=rest, where=rate > 0)
        covered = np.minimum(np.where(stock > 0, day + rest, 0.0), longest)
        return np.where(np.isnan(stock) | np.isnan(self.total[:, -1]), np.nan, covered)

    def _at(self, running: Floats, rate: Floats, days: Floats) -> Floats:
        wanted = np.maximum(np.asarray(days, dtype=np.float64), 0.0)
        flat = wanted if wanted.ndim == 2 else wanted[:, None]  # a block of merchants may have no product at all
        known = np.nan_to_num(np.minimum(flat, self.days), nan=0.0)
        lower = np.minimum(known.astype(np.int64), self.days - 1)
        rows = np.arange(len(running))[:, None]
        start = running[rows, lower]
        inside = start + (known - lower) * (running[rows, lower + 1] - start)
        value = inside + np.maximum(flat - self.days, 0.0) * rate[:, None]
        return value.reshape(wanted.shape)

    def _spread(self, squares: Floats, sums: Floats) -> Floats:
        return np.sqrt((1 - self.correlation) * squares + self.correlation * sums**2)


def _running(daily: Floats) -> Floats:
    return np.concatenate([np.zeros((len(daily), 1)), np.cumsum(daily, axis=1)], axis=1)
