"""Shops that are open while most others are closed: what such days bring is the shop's own, and comes again.

On a public holiday a shop at a station sells twice its Monday and one in a shopping street a fifth of it, year after
year. What all shops have in common cannot say so, and such days are too far apart for the newest weeks, so each shop's
ratio is read from its whole history. (Rossmann's 32 stores that open on Easter Monday: the spread of log ratios is .80
among stores, and .15 about what the holidays before had said.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.level import centred_level
from models.forecasting.own import shrunk_ratio
from models.forecasting.panel import Flags, Floats, Ints, Panel, usually_open, weekdays
from models.forecasting.policy import ForecastPolicy

MOST = 0.8  # share of the shops usually open on such a weekday that are closed; on Rossmann's holidays it is .97


@dataclass(frozen=True)
class AloneDays:
    """Days on which most shops are closed that are open on such weekdays, and what is needed to read a shop's ratio.

    Parameters
    ----------
    days : array of bool (days of the panel,)
    measure : str
    until : int
        First panel column that must not be looked at.
    unit : float
        Value of one count.
    policy : ForecastPolicy
    """

    days: Flags
    measure: str
    until: int
    unit: float
    policy: ForecastPolicy

    def open_then(self, panel: Panel) -> Ints:
        """Rows of the shops that are open on any such day."""
        return np.flatnonzero(panel.open[:, self.days].any(axis=1))

    def log_ratio(self, panel: Panel, factors: Floats) -> Floats:
        """Log of what each shop sells on such days over what its level and the pooled factors promise (merchants,).

        Parameters
        ----------
        factors : array (merchants, until)
            Pooled factors.
        """
        values, window = panel.values[self.measure][:, : self.until], self.policy.level.window
        known, alone = np.isfinite(values), np.broadcast_to(self.days[: self.until], values.shape)
        level = centred_level(values, factors, known & ~alone, window)
        use = known & alone & (level * factors > 0)
        sold, promised = (np.where(use, part, 0.0).sum(axis=1) for part in (values, level * factors))
        unit = np.full(len(values), self.unit)
        dispersion = self.policy.spread.dispersion
        return shrunk_ratio(sold, promised, use.sum(axis=1), unit, dispersion, self.policy.factors.alone_own_sd)


def alone_days(panel: Panel, measure: str, until: int, unit: float, policy: ForecastPolicy) -> AloneDays | None:
    """Find such days in the plans of a sample of merchants; None where there are none.

    Parameters
    ----------
    panel : Panel
        The sample.
    measure : str
    until : int
        First panel column whose values must not be looked at.
    unit : float
        Value of one count.
    policy : ForecastPolicy
    """
    if panel.open.all():
        return None
    usual = usually_open(panel.open, weekdays(panel.first_day, panel.days))
    closed = (usual & ~panel.open).sum(axis=0) > MOST * np.maximum(usual.sum(axis=0), 1)
    return AloneDays(closed, measure, until, unit, policy) if closed.any() else None
