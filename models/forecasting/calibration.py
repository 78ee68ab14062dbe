"""Quantiles from past errors: what the same kind of forecast missed by, in the past, is what it may miss by now.

Standardized errors of rolling origins are counted in fine bins by origin, volume stratum, horizon and kind of day.
Newer origins count for more, so that intervals follow a change of the times, and so do those of last year's season and
those after which as many holidays, events and closures lay as lie ahead now. A stratum with few errors of its own is
mixed with all strata.
Sources: split conformal prediction, Lei et al. (2018), JASA 113, 1094-1111; weighted by age, Barber et al. (2023),
Annals of Statistics 51, 816-845.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import SUM_DAYS, Origins
from models.forecasting.season import season_share, shrunk

QUANTILES = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
QUANTILE_NAMES = ("q025", "q10", "q25", "q50", "q75", "q90", "q975")
EDGE, STEP = 12.0, 0.04
BINS = int(2 * EDGE / STEP)
LEVELS = np.array(QUANTILES)
ENDS = np.array([0.10, 0.90])  # quantiles that a standard deviation is read from; the tails would be too few errors
LEAST_SPREAD = 0.05
LEAST_TO_CHOOSE = 100  # errors of a stratum below which the half-life stays at its default
PLATFORM_PRIOR = 50.0  # errors that the built-in spread counts for, all strata together


def horizon_groups(days: int, bounds: Sequence[int]) -> Ints:
    """Horizon group of each day ahead (1 to `days`); beyond the last bound the last group."""
    groups = np.searchsorted(np.array(bounds), np.arange(1, days + 1))
    return np.minimum(groups, len(bounds) - 1).astype(np.int64)


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
    """Standardized errors of one measure, in bins.

    Parameters
    ----------
    bins : array (origins, strata, horizon groups, 2 kinds of day, BINS)
        Horizon groups are those of single days, then the sums over 7, 14 and 28 days.
    """

    bins: Ints

    @classmethod
    def empty(cls, origins: int, policy: ForecastPolicy) -> ErrorCounts:
        """Counts before the first error."""
        groups = len(policy.calibration.horizons) + len(SUM_DAYS)
        return cls(np.zeros((origins, len(policy.calibration.strata) + 1, groups, 2, BINS), dtype=np.int64))

    def count(self, origin: int, cells: ErrorCells, z: Floats) -> None:
        """Count standardized errors; NaN is left out."""
        strata, groups = self.bins.shape[1:3]
        known = np.isfinite(z)
        place = np.clip(((z[known] + EDGE) / STEP).astype(np.int64), 0, BINS - 1)
        kind = (cells.stratum[known] * groups + cells.group[known]) * 2 + cells.event[known]
        added = np.bincount(kind * BINS + place, minlength=strata * groups * 2 * BINS)
        self.bins[origin] += added.reshape(strata, groups, 2, BINS)


@dataclass
class HalfLifeErrors:
    """Absolute errors of single days by half-life.

    Parameters
    ----------
    absolute : array (origins, half-lives, strata, horizon groups)
    pairs : array (origins, strata, horizon groups)
    """

    absolute: Floats
    pairs: Ints

    @classmethod
    def empty(cls, origins: int, policy: ForecastPolicy) -> HalfLifeErrors:
        """Sums before the first error."""
        strata, groups = len(policy.calibration.strata) + 1, len(policy.calibration.horizons)
        shape = (origins, len(policy.level.half_lives), strata, groups)
        return cls(np.zeros(shape), np.zeros((origins, strata, groups), dtype=np.int64))

    def count(self, origin: int, cells: ErrorCells, errors: Floats) -> None:
        """Add absolute errors (half-lives, *shape of the cells); NaN is left out."""
        strata, groups = self.pairs.shape[1:]
        known = np.isfinite(errors).all(axis=0)
        cell = cells.stratum[known] * groups + cells.group[known]
        size, shape = strata * groups, (strata, groups)
        self.pairs[origin] += np.bincount(cell, minlength=size).reshape(shape)
        for place, error in enumerate(errors):
            self.absolute[origin, place] += np.bincount(cell, error[known], minlength=size).reshape(shape)

    def best(self, usable: np.ndarray, policy: ForecastPolicy) -> Ints:
        """Position of the half-life that serves each stratum best, from errors that had been seen."""
        allowed = usable[:, : self.pairs.shape[2]]
        errors = np.einsum("olsg,og->ls", self.absolute, allowed.astype(np.float64))
        seen = np.einsum("osg,og->s", self.pairs, allowed.astype(np.int64))
        result: Ints = np.where(seen >= LEAST_TO_CHOOSE, errors.argmin(axis=0), policy.level.default_position)
        return result.astype(np.int64)


@dataclass(frozen=True)
class Calibration:
    """What past errors say: which half-life serves a stratum, and quantiles of its standardized errors.

    Parameters
    ----------
    half_life : array of int (strata,)
        Position among the policy's half-lives.
    z : array (strata, horizon groups, 2 kinds of day, 7)
        Quantiles of standardized errors, 1 = event day.
    spread : array (strata, horizon groups)
        Usual standard deviation of those of ordinary days, whatever lies ahead.
    """

    half_life: Ints
    z: Floats
    spread: Floats


def calibrate(
    counts: ErrorCounts, half_life: Ints, origins: Origins, known: int, unusual: Floats, policy: ForecastPolicy
) -> Calibration:
    """Read quantiles from the errors that had been seen after `known` columns.

    Parameters
    ----------
    counts : ErrorCounts
    half_life : array of int (strata,)
    origins : Origins
        What the counts' first axis stands for, newest first.
    known : int
    unusual : array (columns,)
        Share of merchants for whom each day of the panel is one of an event, a holiday or beside a closed day.
    policy : ForecastPolicy
    """
    seen = _faded(origins, known, policy)
    bins = _season_shrunk(counts.bins, origins, known, policy)
    like = _mixed(_weighted(bins, seen * _likeness(origins, known, unusual, policy)), policy)
    # An error is large or small for a merchant's ordinary days of late, whatever lies ahead: were its scale to follow
    # seasons and holidays, the same trouble would look larger in one week than in the next.
    recent = np.arange(len(origins.known)) < len(origins.recent)
    usual = _spread(_mixed(_weighted(bins, seen * recent[:, None]), policy)[:, :, 0])
    return Calibration(half_life, quantiles_of(like, np.broadcast_to(LEVELS, (*like.shape[:-1], len(LEVELS)))), usual)


def _faded(origins: Origins, known: int, policy: ForecastPolicy) -> Floats:
    """Weights of errors (origins, horizon groups): 0 where not seen yet, more for newer ones and last year's season."""
    age = origins.age(known) / policy.calibration.fade_days
    faded: Floats = origins.usable(known, policy) * 0.5 ** np.maximum(age, 0.0)[:, None]
    return faded


def _likeness(origins: Origins, known: int, unusual: Floats, policy: ForecastPolicy) -> Floats:
    """Weights of origins (origins, horizon groups): those after which as many unusual days lay as lie ahead now."""
    ahead = unusual_shares(unusual, known, policy)
    then = [unusual_shares(unusual, origin, policy) for origin in origins.known]
    apart = np.abs(np.array(then).reshape(-1, len(ahead)) - ahead)
    return np.exp(-apart / policy.calibration.unlike)


def _season_shrunk(bins: Ints, origins: Origins, known: int, policy: ForecastPolicy) -> Floats:
    """Counts in which last year's errors are as small as today's models would make them."""
    counted = bins.astype(np.float64)
    recent = len(origins.recent)
    if recent < len(counted):
        share = season_share(bins, _spread, origins.usable(known, policy), origins, policy.calibration)
        counted[recent:] = shrunk(counted[recent:], share)
    return counted


def _weighted(bins: Floats, weights: Floats) -> Floats:
    """Weighted counts of errors (strata, groups, 2, BINS)."""
    result: Floats = np.einsum("osgeb,og->sgeb", bins, weights, optimize=True)
    return result


def _spread(counts: Floats) -> Floats:
    """Standard deviation that the 10 and 90 % quantiles of counts (..., BINS) suggest."""
    ends = quantiles_of(counts, np.broadcast_to(ENDS, (*counts.shape[:-1], 2)))
    wide: Floats = (ends[..., 1] - ends[..., 0]) / np.diff(norm.ppf(ENDS))
    return np.maximum(wide, LEAST_SPREAD)


def unusual_shares(unusual: Floats, known: int, policy: ForecastPolicy) -> Floats:
    """Share of unusual days (horizon groups,) among the days after an origin that each group stands for."""
    ahead = unusual[known : known + SUM_DAYS[-1]]
    group = horizon_groups(len(ahead), policy.calibration.horizons)
    daily = [ahead[group == place] for place in range(len(policy.calibration.horizons))]
    return np.array([days.mean() if len(days) else 0.0 for days in (*daily, *(ahead[:length] for length in SUM_DAYS))])


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


def quantiles_of(counts: Floats, levels: Floats) -> Floats:
    """Quantiles of binned counts (..., BINS) at levels (..., quantiles), linear inside a bin."""
    below = np.cumsum(_shares(counts), axis=-1)
    rows, wanted = below.reshape(-1, BINS), levels.reshape(-1, levels.shape[-1])
    place = np.stack([np.searchsorted(row, level) for row, level in zip(rows, wanted, strict=True)])
    place = np.minimum(place.reshape(levels.shape), BINS - 1)
    upper = np.take_along_axis(below, place, axis=-1)
    lower = np.where(place > 0, np.take_along_axis(below, np.maximum(place - 1, 0), axis=-1), 0.0)
    inside = (levels - lower) / np.maximum(upper - lower, 1e-12)
    result: Floats = (-EDGE + STEP * (place + np.clip(inside, 0.0, 1.0))).astype(np.float64)
    return result
