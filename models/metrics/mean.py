"""Means with few observations: shrunk to merchants of like kind by a normal model, with its variance.

Between-merchant variance comes from the spread of the means less what chance alone explains (DerSimonian-Laird
weights would change little here); the variance within is a merchant's own, shrunk to its group's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from models.metrics.grouping import Membership

FloatArray = npt.NDArray[np.float64]

WITHIN_STRENGTH = 10.0  # observations that the group's variance counts for, beside a merchant's own


@dataclass(frozen=True)
class NormalPrior:
    """Mean, variance between merchants, and variance within, of the group of each merchant."""

    mean: FloatArray
    between: FloatArray
    within: FloatArray


@dataclass(frozen=True)
class NormalPosterior:
    """Normal distribution of each merchant's true value."""

    mean: FloatArray
    deviation: FloatArray

    def probability_over(self, limit: FloatArray | float) -> FloatArray:
        """Probability that the true value is above a limit."""
        with np.errstate(divide="ignore", invalid="ignore"):
            over: FloatArray = special.ndtr((self.mean - limit) / self.deviation)
        return over

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Central interval."""
        half = special.ndtri(0.5 + level / 2) * self.deviation
        return self.mean - half, self.mean + half


def own_variance(total: FloatArray, squares: FloatArray, count: FloatArray) -> FloatArray:
    """Sample variance from sum, sum of squares and count; NaN below two observations."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (squares - total**2 / count) / (count - 1)
    return np.where(count >= 2, np.maximum(variance, 0), np.nan)


def fit_normal_prior(total: FloatArray, squares: FloatArray, count: FloatArray, groups: Membership) -> NormalPrior:
    """Fit mean and variances of each group by moments; merchants without a group get those of all."""
    used = np.nan_to_num(count) > 0
    size = len(groups.labels) + 1
    codes = np.where(groups.codes < 0, size - 1, groups.codes)
    by_group = _moments(codes[used], total[used], squares[used], count[used], size)
    of_all = _moments(np.zeros(int(used.sum()), dtype=np.int64), total[used], squares[used], count[used], 1)
    for values, value in zip(by_group, of_all, strict=True):
        values[-1] = value[0]
    return NormalPrior(*(values[codes] for values in by_group))


def _moments(
    codes: npt.NDArray[np.int64], total: FloatArray, squares: FloatArray, count: FloatArray, size: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    def by_group(values: FloatArray) -> FloatArray:
        return np.bincount(codes, weights=values, minlength=size).astype(np.float64)

    observations, merchants = by_group(count), by_group(np.ones_like(count))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = by_group(total) / observations
        inside = by_group(np.maximum(squares - total**2 / count, 0))
        within = inside / np.maximum(observations - merchants, 1)
        spread = by_group(count * (total / count - mean[codes]) ** 2)
        room = observations - by_group(count**2) / observations
        between = np.maximum((spread - (merchants - 1) * within) / room, 0)
    return mean, np.nan_to_num(between), np.maximum(within, 1e-12)


def shrunk_mean(total: FloatArray, squares: FloatArray, count: FloatArray, prior: NormalPrior) -> NormalPosterior:
    """Posterior of the true mean; merchants without data keep the prior."""
    seen = np.nan_to_num(count)
    own = np.nan_to_num(own_variance(total, squares, count))
    within = (own * np.maximum(seen - 1, 0) + prior.within * WITHIN_STRENGTH) / (
        np.maximum(seen - 1, 0) + WITHIN_STRENGTH
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        noise = within / seen
        own_mean = np.where(seen > 0, np.nan_to_num(total) / seen, prior.mean)
        weight = np.where(seen > 0, prior.between / (prior.between + noise), 0.0)
    mean = weight * own_mean + (1 - weight) * prior.mean
    variance = np.where(seen > 0, weight * np.nan_to_num(noise, posinf=0), prior.between)
    return NormalPosterior(mean, np.sqrt(np.maximum(variance, 1e-18)))
