"""Counts per exposure, such as contacts per order: a gamma-Poisson posterior, because one order may bring several.

As with shares (`rate.py`), a merchant's prior is the distribution among merchants of like kind, so that four contacts
on ten orders say little. Its strength is in units of exposure: so many pseudo-orders. The events of an exposure are
taken to come one by one; where they come in bunches, the interval is too narrow, and only ranks (`models/risk`) help.
Sources: Clayton and Kaldor (1987) for the model; Marshall (1991) for the moments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from models.metrics.grouping import Membership
from models.metrics.rate import BetaPosterior, BetaPrior, fit_by_group

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GammaPrior:
    """Mean and strength (pseudo-exposure) of the prior of each merchant."""

    mean: FloatArray
    strength: FloatArray


@dataclass(frozen=True)
class GammaPosterior:
    """Gamma distribution of each merchant's true count per exposure: its shape, and the exposure behind it."""

    shape: FloatArray
    strength: FloatArray

    @property
    def mean(self) -> FloatArray:
        """Posterior mean."""
        return self.shape / self.strength

    def probability_over(self, limit: FloatArray | float) -> FloatArray:
        """Probability that the true count per exposure is above a limit."""
        bounded = np.maximum(np.nan_to_num(np.asarray(limit, dtype=np.float64)), 0.0)
        over: FloatArray = special.gammaincc(self.shape, self.strength * bounded)
        return np.where(np.isnan(limit), np.nan, over)

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Central credible interval."""
        rest = (1 - level) / 2
        low, high = (special.gammaincinv(self.shape, share) / self.strength for share in (rest, 1 - rest))
        return low, high

    def after(self, bad: FloatArray | float, good: FloatArray | float) -> GammaPosterior:
        """Posterior after more events, and more exposure without any."""
        return GammaPosterior(self.shape + bad, self.strength + good)

    def part(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> GammaPosterior:
        """Posterior of some of the merchants."""
        return GammaPosterior(self.shape[chosen], self.strength[chosen])

    def restarted(self, strength: FloatArray, bad: FloatArray, total: FloatArray) -> GammaPosterior:
        """Posterior that believes this mean as much as `strength` exposures, and then sees `bad` events of `total`."""
        return GammaPosterior(self.mean * strength + bad, strength + total)

    def more_than(self, allowed: FloatArray, new: FloatArray) -> FloatArray:
        """Probability of more than `allowed` events among `new` exposures: the tail of a negative binomial."""
        inside = (allowed >= 0) & (new > 0)
        share = np.where(inside, new, 1.0) / (np.where(inside, new, 1.0) + self.strength)
        tail: FloatArray = special.betainc(np.floor(np.where(inside, allowed, 0.0)) + 1, self.shape, share)
        return np.where(inside, tail, np.where(allowed < 0, 1.0, 0.0))


Prior = BetaPrior | GammaPrior
Posterior = BetaPosterior | GammaPosterior


def fit_gamma_prior(
    bad: FloatArray, total: FloatArray, groups: Membership, smallest_strength: float, largest_strength: float
) -> GammaPrior:
    """Fit the prior of each group by moments, and give each merchant that of its group.

    Parameters
    ----------
    bad, total : arrays (merchants,)
        Events and exposure; NaN or an exposure of 0 is left out of the fit.
    groups : Membership
        Merchants without a group (-1) get the prior of all together.
    """
    return GammaPrior(*fit_by_group(_moments, bad, total, groups, smallest_strength, largest_strength))


def _moments(
    codes: npt.NDArray[np.int64], bad: FloatArray, total: FloatArray, size: int
) -> tuple[FloatArray, FloatArray]:
    """Mean of each group, and mean over variance between its merchants; NaN strength for a lone merchant."""

    def by_group(values: FloatArray) -> FloatArray:
        return np.bincount(codes, weights=values, minlength=size).astype(np.float64)

    merchants, exposure = by_group(np.ones_like(total)), by_group(total)
    mean = (by_group(bad) + 0.5) / np.maximum(exposure, 1.0)
    spread = by_group(total * (bad / total - mean[codes]) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = spread - mean * (merchants - 1)  # what chance alone does not explain
        between = excess / (exposure - by_group(total**2) / exposure)
        strength = np.where(between > 0, mean / between, np.inf)
    return mean, np.where(merchants >= 2, strength, np.nan)


def posterior(bad: FloatArray, total: FloatArray, prior: GammaPrior) -> GammaPosterior:
    """Posterior of the count per exposure; merchants without data keep the prior."""
    seen = prior.mean * prior.strength + np.nan_to_num(bad)
    return GammaPosterior(seen, prior.strength + np.nan_to_num(total))
