"""The level as a median: what a spike, an outage or a clearance does to a few days does nothing to it.

Each of the newest days is divided by what its weekday, plans and events promise; the median of these ratios times the
factor of the day ahead is the forecast, so that Double 11 ahead is lifted although no such day lies behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.components.log_prophet import shape_of
from models.forecasting.components.own_terms import TermPrior
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats
from models.forecasting.policy import ForecastPolicy

WEEK = 7


@dataclass(frozen=True)
class SeasonalMedian:
    """See the module; NaN where fewer than `median_least_days` are known, or most days of a seller are zero.

    Parameters
    ----------
    policy : ForecastPolicy
    prior : TermPrior, optional
        As for `LogProphet`, with which the day factors are shared.
    """

    policy: ForecastPolicy
    prior: TermPrior | None = None
    name: str = "seasonal_median"

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """See `Component`."""
        settings = self.policy.own_terms
        factors = shape_of(fit, self.policy, self.prior).factors
        newest = fit.columns(max(known - WEEK * settings.median_weeks, fit.start), known)
        level = median_ratio(fit.values[:, newest], factors[:, newest], settings.median_least_days)
        return level[:, None] * factors[:, fit.columns(known, known + days)]


def median_ratio(values: Floats, factors: Floats, least: int) -> Floats:
    """Median (merchants,) of values over factors; NaN where too little is known or the median misses what is sold.

    Parameters
    ----------
    values, factors : arrays (merchants, days)
        NaN = not known; 0 = closed.
    least : int
        Known days that are needed.
    """
    use = np.isfinite(values) & (factors > 0)
    ratio = np.full(values.shape, np.inf)
    np.divide(values, factors, out=ratio, where=use)
    ratio.sort(axis=1)  # what is not known comes last
    count, rows = use.sum(axis=1), np.arange(len(values))
    low, high = np.maximum((count - 1) // 2, 0), count // 2
    enough = count >= max(least, 1)
    middle = 0.5 * (ratio[rows, np.where(enough, low, 0)] + ratio[rows, np.where(enough, high, 0)])
    blind = (middle == 0) & (np.where(use, values, 0.0).sum(axis=1) > 0)
    return np.where(enough & ~blind, middle, np.nan)
