"""Rates of small samples: a beta-binomial posterior, so that one late parcel of ten is not a red light.

All counts here are counts of bad events: a metric where higher is better is turned over before it comes in and back
when it goes out. A merchant's prior is the distribution of rates among merchants of like kind (empirical Bayes).
Sources: Kleinman (1973) for the moments of the beta-binomial; Wilson (1927) for the interval without a prior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from models.metrics.grouping import Membership

FloatArray = npt.NDArray[np.float64]

# Gauss-Hermite nodes: an uncertain rate is integrated over as a logit-normal with the beta's own moments.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_CERTAIN = 8.0  # deviations beyond which the integral would only say 0 or 1


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

    @property
    def strength(self) -> FloatArray:
        """Events, those of the prior among them, that stand behind the belief."""
        return self.alpha + self.beta

    def probability_over(self, limit: FloatArray | float) -> FloatArray:
        """Probability that the true rate is above a limit."""
        bounded = np.clip(np.nan_to_num(np.asarray(limit, dtype=np.float64)), 0.0, 1.0)
        over: FloatArray = special.betaincc(self.alpha, self.beta, bounded)
        return np.where(np.isnan(limit), np.nan, over)

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Central credible interval."""
        rest = (1 - level) / 2
        return (special.betaincinv(self.alpha, self.beta, rest), special.betaincinv(self.alpha, self.beta, 1 - rest))

    def after(self, bad: FloatArray | float, good: FloatArray | float) -> BetaPosterior:
        """Posterior after more bad and good events."""
        return BetaPosterior(self.alpha + bad, self.beta + good)

    def part(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> BetaPosterior:
        """Posterior of some of the merchants."""
        return BetaPosterior(self.alpha[chosen], self.beta[chosen])

    def restarted(self, strength: FloatArray, bad: FloatArray, total: FloatArray) -> BetaPosterior:
        """Posterior that believes this mean as much as `strength` events, and then sees `bad` of `total`."""
        mean = self.mean
        return BetaPosterior(mean * strength + bad, (1 - mean) * strength + np.maximum(total - bad, 0))

    def more_than(self, allowed: FloatArray, new: FloatArray) -> FloatArray:
        """Probability of more than `allowed` bad events among `new`, the rate taken as logit-normal."""
        mean, strength = self.mean, self.strength
        deviation = np.sqrt(new * mean * (1 - mean) * (strength + new) / (strength + 1))
        chance = np.where(allowed < new * mean, 1.0, 0.0)
        near = np.abs(allowed - new * mean) < _CERTAIN * deviation + 1
        some = self.part(near)
        centre = special.digamma(some.alpha) - special.digamma(some.beta)
        spread = np.sqrt(special.polygamma(1, some.alpha) + special.polygamma(1, some.beta))
        chance[near] = 0.0
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            chance[near] += weight * binomial_over(allowed[near], new[near], special.expit(centre + spread * node))
        return chance


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
    return BetaPrior(*fit_by_group(_moments, bad, total, groups, smallest_strength, largest_strength))


# Mean and strength of each group (groups,), of group numbers, bad events, totals (merchants,) and the number of groups.
Moments = Callable[[npt.NDArray[np.int64], FloatArray, FloatArray, int], tuple[FloatArray, FloatArray]]


def fit_by_group(
    moments: Moments,
    bad: FloatArray,
    total: FloatArray,
    groups: Membership,
    smallest_strength: float,
    largest_strength: float,
) -> tuple[FloatArray, FloatArray]:
    """Mean and strength of each merchant's group, arrays (merchants,); of all together where it has none.

    A group whose strength `moments` cannot tell (NaN) gets the largest.
    """
    used = np.nan_to_num(total) > 0
    codes = np.where(groups.codes < 0, len(groups.labels), groups.codes)
    size = len(groups.labels) + 1
    mean_all, strength_all = moments(np.zeros(int(used.sum()), dtype=np.int64), bad[used], total[used], 1)
    mean, strength = moments(codes[used], bad[used], total[used], size)
    mean[-1], strength[-1] = mean_all[0], strength_all[0]
    strength = np.clip(np.nan_to_num(strength, nan=largest_strength), smallest_strength, largest_strength)
    return mean[codes], strength[codes]


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


def binomial_over(allowed: FloatArray, total: FloatArray, rate: FloatArray) -> FloatArray:
    """P(X > allowed) for X ~ Binomial(total, rate)."""
    whole = np.floor(allowed)
    inside = (allowed >= 0) & (whole < total)
    safe_allowed = np.where(inside, whole, 0)
    safe_total = np.where(inside, total, 1)
    middle = special.betainc(safe_allowed + 1, np.maximum(safe_total - safe_allowed, 1e-9), rate)
    return np.where(inside, middle, np.where(allowed < 0, 1.0, 0.0))
