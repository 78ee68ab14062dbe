"""The boosted model as a component of the ensemble: the pooled level's mean, corrected by the trees.

Trees are taught what to expect on a scale where the middle of what comes is the best answer; platforms add days up, so
means are lifted by what the taught days brought beyond it, by dispersion: the more a merchant's days scatter, the more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.forecasting.boosted.features import Together, features
from models.forecasting.boosted.sample import corrected, precision_of
from models.forecasting.boosted.trees import Forest
from models.forecasting.component import PooledLevel
from models.forecasting.fitted import BlockFit, Platform, fit_block
from models.forecasting.panel import Floats, Panel
from models.forecasting.policy import ForecastPolicy
from models.forecasting.spread import restore, stabilise


@dataclass(frozen=True)
class Boosted:
    """A trained model; see `Component` for what it is asked.

    Parameters
    ----------
    forest : Forest
        Says corrections in log units.
    base : PooledLevel
        What is corrected.
    lift : Lift
    sample : Panel
        Merchants that say where all stand at an origin.
    platform : Platform
    policy : ForecastPolicy
    """

    forest: Forest
    base: PooledLevel
    lift: Lift
    sample: Panel
    platform: Platform
    policy: ForecastPolicy
    name: str = "boosted"
    _together: dict[tuple[int, int, int], Together] = field(default_factory=dict, repr=False, compare=False)

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """See `Component`."""
        level, mean = corrected(fit, known, days, self.base)
        together = None if fit.panel is self.sample else self._said_together(fit, known, days)
        seen, said = features(fit, known, days, level, self.policy.boosted, together)
        self._together[fit.known, known, days] = said
        correction = self.forest.sums(seen.reshape(-1, seen.shape[2])).reshape(mean.shape)
        made = correct(mean, correction, fit.unit[:, None], fit.dispersion[:, None])
        return np.where(mean > 0, made * self.lift.of(fit.dispersion)[:, None], mean)

    def _said_together(self, fit: BlockFit, known: int, days: int) -> Together:
        """What the sample says of an origin; worked out once for all blocks."""
        key = (fit.known, known, days)
        if key not in self._together:
            until = known + days
            block = fit_block(
                self.sample, fit.measure, fit.pooled, fit.labels, fit.known, self.platform, self.policy, until
            )
            level, _ = corrected(block, known, days, self.base)
            self._together[key] = features(block, known, days, level, self.policy.boosted)[1]
        return self._together[key]


@dataclass(frozen=True)
class Lift:
    """Factor from the middle of what comes to its mean, by dispersion.

    Parameters
    ----------
    borders : array (classes - 1,)
        Of the dispersion.
    factor : array (classes,)
    """

    borders: Floats
    factor: Floats

    def of(self, dispersion: Floats) -> Floats:
        """Factor of each merchant (merchants,)."""
        result: Floats = self.factor[np.searchsorted(self.borders, dispersion, side="right")]
        return result


def correct(mean: Floats, correction: Floats, unit: Floats, dispersion: Floats) -> Floats:
    """Move means by a correction in log units, on the scale on which nothing falls below zero."""
    step = correction * np.sqrt(precision_of(mean, unit, dispersion))
    return restore(stabilise(mean, unit, dispersion) + step, unit, dispersion)
