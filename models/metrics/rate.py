"""Rates of small samples: a beta-binomial posterior, so that one late parcel of ten is not a red light.

All counts here are counts of bad events: a metric where higher is better is turned over before it comes in and back
when it goes out. A merchant's prior is the distribution of rates among merchants of like kind (empirical Bayes).
Sources: Kleinman (1973) for the moments of the beta-binomial; Wilson (1927) for the interval without a prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from models.metrics.grouping import Membership

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BetaPrior:
    """Mean and strength (pseudo-events) of the prior of each merchant."""

    mean: FloatArray
    strength: FloatArray


@dataclass(frozen=True)
class BetaPosterior:
    """Beta distribution of each merchant's true bad rate."""

    alpha: FloatArray
    beta: FloatArray

    @property
    def mean(self) -> FloatArray:
        """Posterior mean."""
        return self.alpha / (self.alpha + self.beta)

    def probability_over(self, limit: FloatArray | float) -> FloatArray:
        """Probability that the true rate is above a limit."""
        bounded = np.clip(np.nan_to_num(np.asarray(limit, dtype=np.float64)), 0.0, 1.0)
        over: FloatArray = special.betaincc(self.alpha, self.beta, bounded)
        return np.where(np.isnan(limit), np.nan, over)

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Central credible interval."""
        rest = (1 - level) / 2
        return (special.betaincinv(self.alpha, self.beta, rest), special.betaincinv(self.alpha, self.beta, 1 - rest))


def fit_beta_prior(
    bad: FloatArray, total: FloatArray, groups: Membership, smallest_strength: float, largest_strength: float
) -> BetaPrior:
    """Fit the prior of each group by moments, and give each merchant that of its group.

    Parameters
    ----------
    bad, total : arrays (merchants,)
        NaN or a total of 0 is left out of the fit.
    groups : Membership
        Merchants without a group (-1) get the prior of all together.
    """
    used = np.nan_to_num(total) > 0
    codes = np.where(groups.codes < 0, len(groups.labels), groups.codes)
    size = len(groups.labels) + 1
    mean_all, strength_all = _moments(np.zeros(int(used.sum()), dtype=np.int64), bad[used], total[used], 1)
    mean, strength = _moments(codes[used], bad[used], total[used], size)
    mean[-1], strength[-1] = mean_all[0], strength_all[0]
    strength = np.clip(np.nan_to_num(strength, nan=largest_strength), smallest_strength, largest_strength)
    return BetaPrior(mean[codes], strength[codes])


def _moments(
    codes: npt.NDArray[np.int64], bad: FloatArray, total: FloatArray, size: int
) -> tuple[FloatArray, FloatArray]:
    def by_group(values: FloatArray) -> FloatArray:
        return np.bincount(codes, weights=values, minlength=size).astype(np.float64)

    merchants, events = by_group(np.ones_like(total)), by_group(total)
    mean = (by_group(bad) + 0.5) / (events + 1)
    spread = by_group(total * (bad / np.maximum(total, 1e-12) - mean[codes]) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        binomial = mean * (1 - mean)
        excess = spread - binomial * (merchants - 1)
        room = binomial * (events - by_group(total**2) / events - (merchants - 1))
        correlation = excess / room
        strength = np.where(correlation > 0, 1 / correlation - 1, np.inf)
    return mean, np.where(merchants >= 2, strength, np.nan)


def posterior(bad: FloatArray, total: FloatArray, prior: BetaPrior) -> BetaPosterior:
    """Posterior of the bad rate; merchants without data keep the prior."""
    seen_bad, seen = np.nan_to_num(bad), np.nan_to_num(total)
    bounded = np.minimum(seen_bad, seen)
    return BetaPosterior(prior.mean * prior.strength + bounded, (1 - prior.mean) * prior.strength + seen - bounded)


def wilson_interval(bad: FloatArray, total: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Wilson interval of a share; needs no prior."""
    z = special.ndtri(0.5 + level / 2)
    share = bad / total
    centre = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2)) / (1 + z**2 / total)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
