"""From metrics to a leg, from legs to a merchant: one p-value each, and a good surprise never hides a bad one.

The detectors of a metric look at the same days, so that one of them says nearly all: their p-values are put together
by the Cauchy combination (Liu and Xie 2020), clipped at one half, so that a very good one adds nothing instead of
cancelling a bad one. The metrics of a leg are different numbers, and two that are bad say more than one: of those the
truncated product is taken (Zaykin et al. 2002). How dependent either are is not known, so that each score is calibrated
again against its own past. Over the legs the smallest counts, paid for by their number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
SMALLEST = 1e-15  # p-values below it count as it; no past of a platform resolves them
ORDER = 1e-3  # part of a leg's score that only orders what the rest leaves equal


def detectors_score(p_values: Sequence[FloatArray], weights: Sequence[float] | None = None) -> FloatArray:
    """Combine the p-values of a metric's detectors into one score, high is bad.

    Parameters
    ----------
    p_values : sequence of arrays of one shape
        NaN where a detector has none; it is left out.
    weights : sequence of float, optional
        Part of the alarm level that each is given, relative to the others; equal parts where none are named.

    Returns
    -------
    array
        -log of the (uncalibrated) combined p-value; NaN where no detector has one.
    """
    stacked = np.stack(p_values)
    known = ~np.isnan(stacked)
    angles = np.tan((0.5 - np.clip(np.where(known, stacked, 0.5), SMALLEST, 0.5)) * np.pi)
    parts = np.ones(len(stacked)) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = known * parts.reshape(-1, *[1] * (stacked.ndim - 1))
    number = weight.sum(axis=0)
    mean = (angles * weight).sum(axis=0) / np.where(number > 0, number, 1.0)
    # 0.5 - atan(m) / pi loses all digits for large m; atan(1 / m) / pi is the same and keeps them
    combined = np.where(mean > 1, np.arctan(1 / np.maximum(mean, 1)) / np.pi, 0.5 - np.arctan(mean) / np.pi)
    return np.where(number > 0, -np.log(combined), np.nan)


def leg_score(p_values: Sequence[FloatArray], below: float) -> FloatArray:
    """Combine the p-values of a leg's metrics into one score, high is bad.

    Parameters
    ----------
    p_values : sequence of arrays of one shape
        NaN where a metric has none; it is left out.
    below : float
        p-values above it say nothing.

    Returns
    -------
    array
        Sum of log(below / p) over the metrics that say something; the clipped Cauchy combination, at a thousandth,
        puts the others in order. NaN where no metric has one.
    """
    stacked = np.stack(p_values)
    known = ~np.isnan(stacked)
    told = np.clip(np.where(known, stacked, 1.0), SMALLEST, 1.0)
    score = np.maximum(np.log(below / told), 0.0).sum(axis=0) + ORDER * detectors_score(p_values)
    return np.where(known.any(axis=0), score, np.nan)


def merchant_p(leg_p: Sequence[FloatArray]) -> FloatArray:
    """Smallest leg p-value times the number of legs that have one, at most 1."""
    stacked = np.stack(leg_p)
    number = (~np.isnan(stacked)).sum(axis=0)
    smallest = np.min(np.where(np.isnan(stacked), 1.0, stacked), axis=0)
    return np.where(number > 0, np.minimum(smallest * number, 1.0), np.nan)
