"""When stock runs out: a probability for every day ahead.

The idea: demand until a day is roughly gamma distributed (never negative, skewed when small), known by its mean and
standard deviation; stock until a day is what is free today plus what arrives. Running out once is enough, so the
probability by a day is the largest of the days up to it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

# From this shape on a normal differs from a gamma of the same moments by less than 0.01, at a tenth of the time.
NORMAL_FROM_SHAPE = 200.0


def exceeds(level: Floats, mean: Floats, sd: Floats) -> Floats:
    """Probability that a gamma variable with these moments exceeds a level; arrays of one shape.

    A mean of 0 exceeds nothing; NaN stays NaN.
    """
    shape = np.full(mean.shape, np.inf)
    np.divide(mean**2, sd**2, out=shape, where=sd > 0)
    scale = np.zeros(mean.shape)
    np.divide(sd**2, mean, out=scale, where=mean > 0)
    result = np.where(mean > level, 1.0, 0.0)
    spread = (mean > 0) & (sd > 0)
    wide = spread & (shape < NORMAL_FROM_SHAPE)
    result[wide] = special.gammaincc(shape[wide], np.maximum(level[wide], 0.0) / scale[wide])
    narrow = spread & ~wide
    result[narrow] = special.ndtr((mean[narrow] - level[narrow]) / sd[narrow])
    return np.where(np.isnan(mean) | np.isnan(level) | np.isnan(sd), np.nan, result)


def out_on_each_day(free_stock: Floats, receipts: Floats, total: Floats, total_sd: Floats) -> Floats:
    """Probability of having no stock on each day ahead.

    Parameters
    ----------
    free_stock : (n,) array
        Units on hand and not reserved; NaN where not known.
    receipts : (n, h) array
        Units that arrive on day 1 ... h.
    total, total_sd : (n, h) arrays
        Mean and standard deviation of the demand until the end of each day.

    Returns
    -------
    (n, h) array in [0, 1]
    """
    stock = np.maximum(free_stock, 0.0)[:, None] + np.cumsum(receipts, axis=1)
    # Whole units: out means that demand reached the last unit, which lies half a unit below it on a continuous scale.
    whole = stock == np.round(stock)
    chance = exceeds(stock - np.where(whole, 0.5, 0.0), total, total_sd)
    return np.where(stock <= 0, 1.0, chance)


def by_each_day(out: Floats) -> Floats:
    """Probability of having run out at least once by each day, from the probabilities on each day."""
    return np.maximum.accumulate(out, axis=1)


def first_day(by_day: Floats, probability: float) -> Floats:
    """First day (from 1) by which running out is at least this likely; NaN where it is not within the forecast."""
    reached = by_day >= probability
    return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.nan)
