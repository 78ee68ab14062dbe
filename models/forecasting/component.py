"""What every model of the ensemble is to the rest: standing at an origin, it says means for the days ahead.

All components see one fitted block, so that weekdays, events and plans are estimated once, and an origin of the past
is served by the same code as today's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats, Ints


class Component(Protocol):
    """A model of the ensemble, ready to forecast."""

    @property
    def name(self) -> str:
        """Name in `forecast_quality`."""
        ...

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """Forecast `days` columns after an origin.

        Parameters
        ----------
        fit : BlockFit
            Fitted on nothing newer than the origin; its values and panel may reach further and must not be looked at
            from column `known` on. Plans (`panel.open`, `promotion`, `holiday`) are known for the days ahead.
        known : int
            Panel columns that may be looked at.
        days : int

        Returns
        -------
        array (merchants, days)
            Means, 0 on closed days; NaN where the model has nothing to say.
        """
        ...


@dataclass(frozen=True)
class PooledLevel:
    """Pooled day factors with the merchant's own, times its local level.

    Parameters
    ----------
    half_life : array of int (strata,)
        Position among the fit's half-lives that serves each volume stratum best.
    strata : tuple of float
        Bounds of the volume strata.
    """

    half_life: Ints
    strata: tuple[float, ...]
    name: str = "pooled_level"

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """See `Component`."""
        chosen = self.half_life[fit.stratum(known, self.strata)]
        levels = fit.levels_at(np.array([known])).level[:, :, 0]
        level = levels[chosen, np.arange(len(chosen))]
        result: Floats = level[:, None] * fit.factors[:, fit.columns(known, known + days)]
        return result


@dataclass(frozen=True)
class Silent:
    """A model that has learned nothing yet and leaves its weight to the others."""

    name: str

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """See `Component`."""
        return np.full((fit.values.shape[0], days), np.nan)
