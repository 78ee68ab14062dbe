"""Quantiles from past errors: what the same kind of forecast missed by, in the past, is what it may miss by now.

Standardized errors of rolling origins are counted in fine bins by origin, half-life, volume stratum, horizon and kind
of day. Counts of blocks add up exactly, so any number of merchants fits, and the answer does not depend on the blocks.
A stratum with few errors of its own is mixed with all strata together. Source: split conformal prediction,
Lei et al. (2018), JASA 113, 1094-1111.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import ForecastPolicy

QUANTILES = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
QUANTILE_NAMES = ("q025", "q10", "q25", "q50", "q75", "q90", "q975")
SUM_DAYS = (7, 14, 28)
EDGE, STEP = 12.0, 0.04
BINS = int(2 * EDGE / STEP)
LEVELS = np.array(QUANTILES)
LEAST_TO_CHOOSE = 100  # errors of a stratum below which the half-life stays at its default
PLATFORM_PRIOR = 50.0  # errors that the built-in spread counts for, all strata together


class ErrorCells(NamedTuple):
    """What kind of error each one is: stratum, horizon group, event day or not; arrays of one shape."""

    stratum: Ints
    group: Ints
    event: Ints

    @classmethod
    def of(cls, stratum: Ints, group: Ints, event: Ints) -> ErrorCells:
        """Stretch the parts to one shape."""
        return cls(*np.broadcast_arrays(stratum, group, event))


@dataclass
class ErrorCounts:
    """Standardized errors in bins, and absolute errors, of one measure.

    Parameters
    ----------
    bins : array (origins, half-lives, strata, horizon groups, 2 kinds of day, BINS)
        Horizon groups are those of single days, then the sums over 7, 14 and 28 days.
    absolute : array (origins, half-lives, strata, horizon groups)
        Sums of absolute errors of single days.
    """

    bins: Ints
    absolute: Floats

    @classmethod
    def empty(cls, origins: int, policy: ForecastPolicy) -> ErrorCounts:
        """Counts before the first block."""
        groups = len(policy.calibration.horizons) + len(SUM_DAYS)
        shape = (origins, len(policy.level.half_lives), len(policy.calibration.strata) + 1, groups)
        return cls(np.zeros((*shape, 2, BINS), dtype=np.int64), np.zeros(shape))

    def add(self, other: ErrorCounts) -> None:
        """Add the counts of another block."""
        self.bins += other.bins
        self.absolute += other.absolute

    def count(self, origin: int, half_life: int, cells: ErrorCells, z: Floats) -> None:
        """Count standardized errors; NaN is left out."""
        strata, groups = self.bins.shape[2], self.bins.shape[3]
        known = np.isfinite(z)
        place = np.clip(((z[known] + EDGE) / STEP).astype(np.int64), 0, BINS - 1)
        kind = (cells.stratum[known] * groups + cells.group[known]) * 2 + cells.event[known]
        cell = kind * BINS + place
        self.bins[origin, half_life] += np.bincount(cell, minlength=strata * groups * 2 * BINS).reshape(
            strata, groups, 2, BINS
        )

    def count_absolute(self, origin: int, half_life: int, cells: ErrorCells, error: Floats) -> None:
        """Add absolute errors of single days."""
        strata, groups = self.absolute.shape[2:]
        known = np.isfinite(error)
        cell = cells.stratum[known] * groups + cells.group[known]
        self.absolute[origin, half_life] += np.bincount(cell, error[known], minlength=strata * groups).reshape(
            strata, groups
        )


@dataclass(frozen=True)
class Calibration:
    """What past errors say: which half-life serves a stratum, and quantiles of its standardized errors.

    Parameters
    ----------
    half_life : array of int (strata,)
        Position among the policy's half-lives.
    z : array (strata, horizon groups, 2 kinds of day, 7)
        Quantiles of standardized errors, 1 = event day.
    """

    half_life: Ints
    z: Floats

    @cached_property
    def spread(self) -> Floats:
        """Standard deviation that the 10 and 90 % quantiles of ordinary days suggest (strata, horizon groups)."""
        wide = (self.z[:, :, 0, 5] - self.z[:, :, 0, 1]) / (norm.ppf(0.9) - norm.ppf(0.1))
        result: Floats = np.maximum(wide, 0.05)
        return result


def calibrate(counts: ErrorCounts, usable: np.ndarray, policy: ForecastPolicy) -> Calibration:
    """Choose half-lives and read quantiles.

    Parameters
    ----------
    counts : ErrorCounts
    usable : array of bool (origins, horizon groups)
        Errors that were known at the time the calibration is for.
    """
    half_life = _choose(counts, usable, policy)
    strata = np.arange(counts.bins.shape[2])
    weights = usable.astype(np.int64)
    pooled = np.einsum("olsgeb,og->lsgeb", counts.bins, weights, optimize=True)
    own = pooled[half_life, strata].astype(np.float64)
    return Calibration(half_life, _quantiles(_mixed(own, policy)))


def _choose(counts: ErrorCounts, usable: np.ndarray, policy: ForecastPolicy) -> Ints:
    daily = len(policy.calibration.horizons)
    allowed = usable[:, None, None, :daily]
    errors = np.where(allowed, counts.absolute[..., :daily], 0.0).sum(axis=(0, 3))
    seen = np.where(allowed, counts.bins[:, :1, :, :daily].sum(axis=(4, 5)), 0).sum(axis=(0, 1, 3))
    best = errors.argmin(axis=0)
    result: Ints = np.where(seen >= LEAST_TO_CHOOSE, best, policy.level.default_position).astype(np.int64)
    return result


def _mixed(own: Floats, policy: ForecastPolicy) -> Floats:
    """Own counts plus those of all strata, plus a built-in spread; event days plus ordinary days."""
    prior = policy.calibration.prior_errors
    spreads = np.array([*policy.calibration.prior_spread, *_sum_spreads(policy)])
    ordinary = own[:, :, 0]
    platform = ordinary.sum(axis=0) + PLATFORM_PRIOR * _normal_bins(spreads)
    ordinary = ordinary + prior * _shares(platform)
    event = own[:, :, 1] + prior * _shares(ordinary)
    return np.stack([ordinary, event], axis=2)


def _sum_spreads(policy: ForecastPolicy) -> list[float]:
    horizons, spreads = policy.calibration.horizons, policy.calibration.prior_spread
    return [float(np.interp(days, horizons, spreads)) for days in SUM_DAYS]


def _normal_bins(spreads: Floats) -> Floats:
    edges = np.linspace(-EDGE, EDGE, BINS + 1)
    below: Floats = norm.cdf(edges[None, :] / spreads[:, None])
    return np.diff(below, axis=1)


def _shares(counts: Floats) -> Floats:
    return counts / counts.sum(axis=-1, keepdims=True)


def _quantiles(counts: Floats) -> Floats:
    """Quantiles (…, 7) of binned counts, linear inside a bin."""
    below = np.cumsum(_shares(counts), axis=-1)
    place = (below[..., None, :] < LEVELS[:, None]).sum(axis=-1)
    place = np.minimum(place, BINS - 1)
    upper = np.take_along_axis(below, place, axis=-1)
    lower = np.where(place > 0, np.take_along_axis(below, np.maximum(place - 1, 0), axis=-1), 0.0)
    inside = (LEVELS - lower) / np.maximum(upper - lower, 1e-12)
    result: Floats = -EDGE + STEP * (place + np.clip(inside, 0.0, 1.0))
    return result
