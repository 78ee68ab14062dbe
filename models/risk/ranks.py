"""A score becomes a p-value by its rank in the pooled past, among merchants of like volume and days of like kind.

No normal table is asked: shops differ too much from it (a robust z read as a p-value is wrong by a factor of 37 at one
in a thousand). Scores of the past weeks say what is rare; beyond them a fitted tail carries on.
Source: conformal prediction (Vovk, Gammerman and Shafer 2005), pooled within strata.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.risk.settings import CalibrationSettings
from models.risk.tail import fit_tail

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
        ordered = np.sort(pool) if len(pool) >= settings.least_scores else everything
        part = _against(of_rows, ordered, settings)
        for kind in np.unique(day_types[:-1]) if len(pool) >= settings.least_scores else ():
            days = day_types == kind
            alike = of_rows[:, days][past_rows[:, days]]
            if settings.least_scores <= len(alike) < len(pool):
                part[:, days] = _against(of_rows[:, days], np.sort(alike), settings)
        p[rows] = part
    return p


def _against(scores: FloatArray, ordered: FloatArray, settings: CalibrationSettings) -> FloatArray:
    """Rank scores among sorted past ones, with a fitted tail where there are enough beyond its start."""
    number = len(ordered)
    at_least = number - np.searchsorted(ordered, scores, side="left")
    p = (at_least + 1) / (number + 1)
    if number * (1 - settings.tail_from) >= settings.tail_least:
        tail = fit_tail(ordered, settings.tail_from, settings.tail_shape)
        beyond = scores > tail.threshold
        p[beyond] = np.maximum(tail.probability_over(scores[beyond]), SMALLEST)
    return np.where(np.isnan(scores), np.nan, np.minimum(p, 1.0))


def resolution(past_scores: int, settings: CalibrationSettings) -> float:
    """Smallest p-value that so many past scores can give: one over their number, or the tail's floor."""
    if past_scores * (1 - settings.tail_from) >= settings.tail_least:
        return SMALLEST
    return 1 / (past_scores + 1)
