"""What every model of the ensemble is to the rest: standing at an origin, it says means for the days ahead.

All components see one fitted block, so that weekdays, events and plans are estimated once, and an origin of the past
is served by the same code as today's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

import numpy as np

from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats, Ints

if TYPE_CHECKING:
    from models.forecasting.components.own_terms import TermPrior


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


class Basis(NamedTuple):
    """Where merchants stand at an origin (merchants,), and day factors (merchants, columns of the fit) about that."""

    level: Floats
    factors: Floats

    def ahead(self, fit: BlockFit, known: int, days: int) -> Floats:
        """Means (merchants, days) after the origin."""
        result: Floats = self.level[:, None] * self.factors[:, fit.columns(known, known + days)]
        return result


class Levelled(Component, Protocol):
    """A model that is a level times day factors, so that another can be taught to correct it."""

    def basis(self, fit: BlockFit, known: int) -> Basis:
        """Level and day factors at an origin."""
        ...

    def with_prior(self, prior: TermPrior | None) -> Self:
        """Return the same with what the platform had taught by another day."""
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
        return self.basis(fit, known).ahead(fit, known, days)

    def basis(self, fit: BlockFit, known: int) -> Basis:
        """See `Levelled`."""
        chosen = self.half_life[fit.stratum(known, self.strata)]
        levels = fit.levels_at(np.array([known])).level[:, :, 0]
        return Basis(levels[chosen, np.arange(len(chosen))], fit.factors)

    def with_prior(self, prior: TermPrior | None) -> Self:
        """See `Levelled`; this model has none."""
        return self


@dataclass(frozen=True)
class Silent:
    """A model that has learned nothing yet and leaves its weight to the others."""

    name: str

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """See `Component`."""
        return np.full((fit.values.shape[0], days), np.nan)
