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
        of_rows, past_rows = scores[rows], past[rows]
        number = int(past_rows.sum())
        enough = number >= settings.least_scores
        pool = _Pool.of(of_rows, past_rows, settings) if enough else everything
        part = _against(of_rows, past_rows, pool, settings)
        for kind in np.unique(day_types[:-1]) if enough else ():
            days = day_types == kind
            of_kind = past_rows & days
            if settings.least_scores <= of_kind.sum() < number:
                alike = _Pool.of(of_rows, of_kind, settings)
                part[:, days] = _against(of_rows, of_kind, alike, settings)[:, days]
        p[rows] = part
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


def _against(scores: FloatArray, past: BoolArray, pool: _Pool, settings: CalibrationSettings) -> FloatArray:
    """Rank scores in a pool, with its tail beyond the ranks.

    Today's score (the last column) is ranked without the merchant's own past, as trouble that lasts would otherwise
    make itself look usual.
    """
    ordered, tail = pool.ordered, pool.tail
    number = len(ordered)
    at_least = pool.at_least(scores)
    own = np.where(past, scores, -np.inf)
    at_least[:, -1] = number - np.searchsorted(ordered, scores[:, -1], side="left")
    at_least[:, -1] -= (own >= scores[:, -1:]).sum(axis=1)
    counted = np.full(scores.shape, float(number))
    counted[:, -1] -= past.sum(axis=1)
    p = (np.maximum(at_least, 0) + 1) / (counted + 1)
    if tail is not None:
        beyond = scores > tail.threshold
        p[beyond] = np.maximum(tail.probability_over(scores[beyond]), SMALLEST)
        for row in np.flatnonzero(beyond[:, -1]):  # one score in two hundred: each with a tail of its own
            p[row, -1] = _tail_of_others(scores[row, -1], own[row], tail, pool, settings)
    return np.where(np.isnan(scores), np.nan, np.minimum(p, 1.0))


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
