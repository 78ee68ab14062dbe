"""A score becomes a p-value by its rank in the pooled past, among merchants of like volume and days of like kind.

No normal table is asked: shops differ too much from it (a robust z read as a p-value is wrong by a factor of 37 at one
in a thousand). Scores of the past weeks say what is rare; beyond them a fitted tail carries on.
Source: conformal prediction (Vovk, Gammerman and Shafer 2005), pooled within strata.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.risk.settings import CalibrationSettings
from models.risk.tail import ParetoTail, fit_tail, refit

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SMALLEST = 1e-12
GRID = 8192


def volume_strata(volume: FloatArray, strata: int) -> IntArray:
    """Cut the merchants into strata of like volume and equal number; unknown volume goes to the first."""
    known = volume[~np.isnan(volume)]
    if not len(known):
        return np.zeros(len(volume), dtype=np.int64)
    edges = np.unique(np.quantile(known, np.arange(1, strata) / strata))
    return np.searchsorted(edges, np.nan_to_num(volume, nan=-np.inf), side="right").astype(np.int64)


def calibrate(
    scores: FloatArray,
    strata: IntArray,
    day_types: IntArray,
    settings: CalibrationSettings,
    trimmed: BoolArray | None = None,
) -> FloatArray:
    """Give every score the share of past scores that are at least as high.

    Parameters
    ----------
    scores : array (merchants, days)
        High is bad; the last day is today and is not part of the past.
    strata : array (merchants,)
        Volume stratum of each merchant.
    day_types : array (days,)
        Kind of each day (0 ordinary, 1 event ...).
    trimmed : array (merchants, days) of bool, optional
        Confirmed anomalies, which are no part of what is usual.

    Returns
    -------
    array (merchants, days)
        p-values; NaN where there is no score. Strata with fewer than `least_scores` past scores are merged, first over
        day types, then over all volumes.
    """
    p = np.full(scores.shape, np.nan)
    past = ~np.isnan(scores)
    past[:, -1] = False
    if trimmed is not None:
        past &= ~trimmed
    if not past.any():
        return p
    everything = _Pool.of(scores, past, settings)
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        p[rows] = _within(scores[rows], past[rows], everything, day_types, settings)
    return p


def _within(
    scores: FloatArray, past: BoolArray, everything: _Pool, day_types: IntArray, settings: CalibrationSettings
) -> FloatArray:
    """Rank the scores of one stratum: each day among days of its kind where these are enough, else among all."""
    number = int(past.sum())
    if number < settings.least_scores:
        return _against(scores, past, everything, settings)
    p = np.empty(scores.shape)
    mixed = np.ones(len(day_types), dtype=bool)
    for kind in np.unique(day_types[:-1]):
        days = day_types == kind
        of_kind = past & days
        if settings.least_scores <= of_kind.sum() < number:
            p[:, days] = _against(scores, of_kind, _Pool.of(scores, of_kind, settings), settings, days)
            mixed &= ~days
    if mixed.any():
        p[:, mixed] = _against(scores, past, _Pool.of(scores, past, settings), settings, mixed)
    return p


@dataclass(frozen=True)
class _Pool:
    """Past scores in rising order, and the tail beyond them where enough merchants reach into it."""

    ordered: FloatArray
    tail: ParetoTail | None
    caution: float = 0.0

    @staticmethod
    def of(scores: FloatArray, past: BoolArray, settings: CalibrationSettings) -> _Pool:
        """Sort the past scores; start the tail where it holds scores of enough different merchants.

        A week of one merchant's trouble is many scores and a single event, so that merchants count and not scores.
        """
        ordered = np.sort(scores[past])
        highest = np.sort(np.where(past, scores, -np.inf).max(axis=1))
        if len(highest) < settings.tail_least:
            return _Pool(ordered, None)
        reached = np.searchsorted(ordered, highest[-settings.tail_least], side="left")
        first = min(int(reached), math.ceil(settings.tail_from * len(ordered)))
        if first < max(math.ceil(settings.tail_lowest * len(ordered)), 1) or len(ordered) - first < 2:
            return _Pool(ordered, None)
        merchants = int((highest > ordered[first - 1]).sum())
        caution = settings.tail_caution / math.sqrt(max(merchants, 1))
        return _Pool(ordered, fit_tail(ordered, first, settings.tail_shape, caution), caution)

    def at_least(self, scores: FloatArray) -> FloatArray:
        """How many past scores are at least as high; of a large pool to one part in `GRID`, read from cache."""
        step = max(len(self.ordered) // GRID, 1)
        below = np.searchsorted(self.ordered[step // 2 :: step], scores, side="left") * step
        return np.maximum(len(self.ordered) - below, 0).astype(np.float64)


def _against(
    scores: FloatArray,
    past: BoolArray,
    pool: _Pool,
    settings: CalibrationSettings,
    days: BoolArray | None = None,
) -> FloatArray:
    """Rank the scores of the asked days in a pool, with its tail beyond the ranks.

    Today's score (the last column) is ranked without the merchant's own past, as trouble that lasts would otherwise
    make itself look usual.
    """
    asked = scores if days is None else scores[:, days]
    p = (pool.at_least(asked) + 1) / (len(pool.ordered) + 1)
    today = days is None or bool(days[-1])
    own = np.where(past, scores, -np.inf) if today else np.empty((0, 0))
    if today:
        p[:, -1] = _rank_of_today(asked[:, -1], own, past.sum(axis=1), pool)
    tail = pool.tail
    if tail is not None:
        beyond = asked > tail.threshold
        p[beyond] = np.maximum(tail.probability_over(asked[beyond]), SMALLEST)
        for row in np.flatnonzero(beyond[:, -1]) if today else ():  # one score in two hundred: a tail of its own
            p[row, -1] = _tail_of_others(asked[row, -1], own[row], tail, pool, settings)
    return np.where(np.isnan(asked), np.nan, np.minimum(p, 1.0))


def _rank_of_today(today: FloatArray, own: FloatArray, of_own: IntArray, pool: _Pool) -> FloatArray:
    """Share of the others' past scores that are at least as high as today's."""
    number = len(pool.ordered)
    at_least = number - np.searchsorted(pool.ordered, today, side="left") - (own >= today[:, None]).sum(axis=1)
    share: FloatArray = (np.maximum(at_least, 0) + 1) / (number - of_own + 1)
    return share


def _tail_of_others(
    score: float, own: FloatArray, tail: ParetoTail, pool: _Pool, settings: CalibrationSettings
) -> float:
    """Tail probability of a score when the merchant's own past is left out of the fit."""
    mine = own[own > tail.threshold]
    if len(mine):
        ordered = pool.ordered
        beyond = ordered[np.searchsorted(ordered, tail.threshold, side="right") :]
        kept = np.delete(beyond, np.searchsorted(beyond, np.sort(mine)) + _repeats(np.sort(mine)))
        number = len(ordered) - int(np.isfinite(own).sum())
        tail = refit(tail, kept, number, settings.tail_shape, pool.caution)
    return float(max(tail.probability_over(np.array([score]))[0], SMALLEST))


def _repeats(ordered: FloatArray) -> IntArray:
    """Running number of each value among its equals, so that equal scores are taken one by one."""
    first = np.searchsorted(ordered, ordered, side="left")
    return (np.arange(len(ordered)) - first).astype(np.int64)


def resolution(past_scores: int, merchants: int, settings: CalibrationSettings) -> float:
    """Smallest p-value that the past of so many merchants can give: one over the scores, or the tail's floor."""
    return SMALLEST if merchants >= settings.tail_least else 1 / (past_scores + 1)
