"""The boosted model as a component of the ensemble: the mean of a simpler model, corrected by the trees.

Trees are taught what to expect on a scale where the middle of what comes is the best answer; platforms add days up, so
means are lifted by what the taught days brought beyond it, by dispersion: the more a merchant's days scatter, the more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.forecasting.boosted.features import features
from models.forecasting.boosted.sample import precision_of
from models.forecasting.boosted.trees import Forest
from models.forecasting.component import Levelled
from models.forecasting.components.own_terms import TermPrior
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Floats
from models.forecasting.policy import BoostedPolicy
from models.forecasting.spread import restore, stabilise


@dataclass(frozen=True)
class Boosted:
    """A trained model; see `Component` for what it is asked.

    Parameters
    ----------
    forest : Forest
        Says corrections in log units.
    base : Levelled
        What is corrected.
    lift : Lift
    policy : BoostedPolicy
    """

    forest: Forest
    base: Levelled
    lift: Lift
    policy: BoostedPolicy
    name: str = "boosted"

    def with_prior(self, prior: TermPrior | None) -> Boosted:
        """Return the same trees on what the platform had taught by another day."""
        return replace(self, base=self.base.with_prior(prior))

    def means(self, fit: BlockFit, known: int, days: int) -> Floats:
        """See `Component`."""
        basis = self.base.basis(fit, known)
        mean, seen = basis.ahead(fit, known, days), features(fit, known, days, basis, self.policy)
        correction = self.forest.sums(seen.reshape(-1, seen.shape[2])).reshape(mean.shape)
        made = correct(mean, correction, fit.unit[:, None], fit.dispersion[:, None])
        return np.where(mean > 0, made * self.lift.of(fit.dispersion)[:, None], mean)


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
