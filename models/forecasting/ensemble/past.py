"""What every model would have said of a block from past origins, and what came: evidence for weights and intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.forecasting.backtest import AHEAD
from models.forecasting.component import Component
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats, Ints
from models.forecasting.rolling import Origins
from models.forecasting.spread import stabilise


@dataclass(frozen=True)
class BlockPast:
    """Forecasts of a block from past origins.

    Parameters
    ----------
    known : array of int (origins,)
        Newest first.
    fits : tuple of BlockFit (origins,)
        The fit that served each origin; neighbours share one.
    names : tuple of str
        Models.
    means : array (models, origins, merchants, AHEAD)
        NaN where a model says nothing, and beyond the end of history.
    actual : array (origins, merchants, AHEAD)
        NaN where not known.
    """

    known: Ints
    fits: tuple[BlockFit, ...]
    names: tuple[str, ...]
    means: Floats
    actual: Floats

    @cached_property
    def errors(self) -> Floats:
        """Absolute errors on the stabilised scale (models, origins, merchants, AHEAD); NaN where not known."""
        found = np.full(self.means.shape, np.nan)
        for place, fit in enumerate(self.fits):
            unit, dispersion = fit.unit[:, None], fit.dispersion[:, None]
            came = stabilise(self.actual[place], unit, dispersion)
            for model in range(len(self.names)):
                said = self.means[model, place]
                # A closed day is no evidence: every model knows that it is one.
                found[model, place] = np.where(said > 0, np.abs(stabilise(said, unit, dispersion) - came), np.nan)
        return found

    @cached_property
    def seen(self) -> Floats:
        """1 where an error is known, else 0; of the shape of `errors`."""
        return np.isfinite(self.errors).astype(np.float64)

    @cached_property
    def errors_or_none(self) -> Floats:
        """The errors, 0 where none is known, for sums."""
        return np.where(self.seen > 0, self.errors, 0.0)

    def newest(self, count: int) -> BlockPast:
        """Return the same from the newest origins only."""
        means, actual = self.means[:, :count], self.actual[:count]
        return BlockPast(self.known[:count], self.fits[:count], self.names, means, actual)

    def stratum(self, known: int, bounds: tuple[float, ...]) -> Ints:
        """Volume stratum of each merchant as the newest of these origins saw it that had been reached."""
        reached = np.flatnonzero(self.known <= known)
        place = int(reached[0]) if len(reached) else len(self.known) - 1
        return self.fits[place].stratum(int(self.known[place]), bounds)


Fit = Callable[[int, int], BlockFit]  # refit, last column needed + 1


def look_back(
    fit_at: Fit,
    components_at: Callable[[int], Sequence[Component]],
    origins: Origins,
    count: int,
    values: Floats,
) -> BlockPast:
    """Ask every model at the newest `count` origins.

    Parameters
    ----------
    fit_at : callable
        Fits the block as a refit would have.
    components_at : callable
        Models as an origin would have had them.
    origins : Origins
    count : int
    values : array (merchants, history)
    """
    served = origins.known[:count]
    names = tuple(component.name for component in components_at(origins.history))
    merchants, history = values.shape
    means = np.full((len(names), len(served), merchants, AHEAD), np.nan)
    actual = np.full((len(served), merchants, AHEAD), np.nan)
    fits: dict[int, BlockFit] = {}
    for place, known in enumerate(served):
        refit, days = origins.refit_for(known), min(AHEAD, history - known)
        if refit not in fits:
            newest = max(other for other in served if origins.refit_for(other) == refit)
            fits[refit] = fit_at(refit, min(newest + AHEAD, history))
        actual[place, :, :days] = values[:, known : known + days]
        for model, component in enumerate(components_at(known)):
            means[model, place, :, :days] = component.means(fits[refit], known, days)
    by_origin = tuple(fits[origins.refit_for(known)] for known in served)
    return BlockPast(np.array(served, dtype=np.int64), by_origin, names, means, actual)
