"""A score becomes a p-value by its rank in the pooled past, among merchants of like volume and days of like kind.

No normal table is asked: shops differ too much from it (a robust z read as a p-value is wrong by a factor of 37 at one
in a thousand). Scores of the past weeks say what is rare; beyond them a fitted tail carries on.
Source: conformal prediction (Vovk, Gammerman and Shafer 2005), pooled within strata.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.risk.settings import CalibrationSettings
from models.risk.tail import ParetoTail, fit_tail, refit

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SMALLEST = 1e-12


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
    everything = np.sort(scores[past])
    if not len(everything):
        return p
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        of_rows, past_rows = scores[rows], past[rows]
        pool = of_rows[past_rows]
        enough = len(pool) >= settings.least_scores
        part = _against(of_rows, past_rows, np.sort(pool) if enough else everything, settings)
        for kind in np.unique(day_types[:-1]) if enough else ():
            days = day_types == kind
            of_kind = past_rows & days
            alike = of_rows[of_kind]
            if settings.least_scores <= len(alike) < len(pool):
                part[:, days] = _against(of_rows, of_kind, np.sort(alike), settings)[:, days]
        p[rows] = part
    return p


def _against(scores: FloatArray, past: BoolArray, ordered: FloatArray, settings: CalibrationSettings) -> FloatArray:
    """Rank scores among sorted past ones, with a fitted tail where there are enough beyond its start.

    Today's score (the last column) is ranked without the merchant's own past, as trouble that lasts would otherwise
    make itself look usual.
    """
    number = len(ordered)
    at_least = (number - np.searchsorted(ordered, scores, side="left")).astype(np.float64)
    own = np.where(past, scores, -np.inf)
    others = number - past.sum(axis=1)
    at_least[:, -1] -= (own >= scores[:, -1:]).sum(axis=1)
    counted = np.full(scores.shape, float(number))
    counted[:, -1] = others
    p = (np.maximum(at_least, 0) + 1) / (counted + 1)
    if number * (1 - settings.tail_from) >= settings.tail_least:
        tail = fit_tail(ordered, settings.tail_from, settings.tail_shape)
        beyond = scores > tail.threshold
        p[beyond] = np.maximum(tail.probability_over(scores[beyond]), SMALLEST)
        for row in np.flatnonzero(beyond[:, -1]):  # one score in two hundred: each with a tail of its own
            p[row, -1] = _tail_of_others(scores[row, -1], own[row], tail, ordered, settings)
    return np.where(np.isnan(scores), np.nan, np.minimum(p, 1.0))


def _tail_of_others(
    score: float, own: FloatArray, tail: ParetoTail, ordered: FloatArray, settings: CalibrationSettings
) -> float:
    """Tail probability of a score when the merchant's own past is left out of the fit."""
    mine = own[own > tail.threshold]
    if len(mine):
        beyond = ordered[np.searchsorted(ordered, tail.threshold, side="right") :]
        kept = np.delete(beyond, np.searchsorted(beyond, np.sort(mine)) + _repeats(np.sort(mine)))
        number = len(ordered) - int(np.isfinite(own).sum())
        tail = refit(tail, kept, number, settings.tail_shape)
    return float(max(tail.probability_over(np.array([score]))[0], SMALLEST))


def _repeats(ordered: FloatArray) -> IntArray:
    """Running number of each value among its equals, so that equal scores are taken one by one."""
    first = np.searchsorted(ordered, ordered, side="left")
    return (np.arange(len(ordered)) - first).astype(np.int64)


def resolution(past_scores: int, settings: CalibrationSettings) -> float:
    """Smallest p-value that so many past scores can give: one over their number, or the tail's floor."""
    if past_scores * (1 - settings.tail_from) >= settings.tail_least:
        return SMALLEST
    return 1 / (past_scores + 1)
