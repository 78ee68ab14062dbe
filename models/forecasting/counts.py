"""Quantiles of small counts by look-up: negative binomial for whole units, gamma of the same variance for others.

Millions of product-days share a few thousand (mean, dispersion) pairs, so the quantiles are computed once on a grid
(means 3 % apart) and looked up; above `EXACT_BELOW` counts, and for units that are not whole, the quantile is scaled
from the grid's mean to the product's own.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.stats import gamma, nbinom

from models.forecasting.panel import Floats

SMALLEST_MEAN, MEAN_STEP, MEANS = 1e-3, 0.03, 760
DISPERSIONS = tuple(float(one) for one in np.geomspace(0.01, 12.0, 25))
LEVELS = {"q10": 0.10, "q50": 0.50, "q80": 0.80, "q90": 0.90}
EXACT_BELOW = 20.0


def count_quantiles(mean: Floats, dispersion: Floats, unit: float, whole: bool) -> dict[str, Floats]:
    """Quantiles of daily units.

    Parameters
    ----------
    mean, dispersion : arrays of one shape
        Expected units; (variance - unit * mean) / mean^2. NaN stays NaN.
    unit : float
        Variance of a small count over its mean; 1 for pieces.
    whole : bool
        Units are whole numbers.

    Returns
    -------
    dict of arrays
        By the names of `LEVELS`.
    """
    counts = mean / unit
    known = np.isfinite(counts)
    safe = np.where(known, np.maximum(counts, SMALLEST_MEAN), SMALLEST_MEAN)
    mean_place = np.clip(np.rint(np.log(safe / SMALLEST_MEAN) / MEAN_STEP), 0, MEANS - 1).astype(np.int64)
    steps = np.log(np.asarray(DISPERSIONS))
    borders = (steps[:-1] + steps[1:]) / 2
    place = np.searchsorted(borders, np.log(np.maximum(np.where(known, dispersion, 1.0), DISPERSIONS[0])))
    table = quantile_grid(whole)
    # A whole quantile below the threshold stays whole.
    ratio = safe / (SMALLEST_MEAN * np.exp(MEAN_STEP * mean_place))
    scale = unit * (np.where(safe < EXACT_BELOW, 1.0, ratio) if whole else ratio)
    result = {}
    for position, name in enumerate(LEVELS):
        values = np.where(counts < SMALLEST_MEAN, 0.0, table[position, mean_place, place] * scale)
        result[name] = np.where(known, values, np.nan)
    return result


@cache
def quantile_grid(whole: bool) -> npt.NDArray[np.float64]:
    """Quantiles of counts on the grid; (levels, means, dispersions)."""
    means = SMALLEST_MEAN * np.exp(MEAN_STEP * np.arange(MEANS))
    mean, dispersion = np.meshgrid(means, DISPERSIONS, indexing="ij")
    quantile = _whole if whole else _weighed
    return np.stack([quantile(level, mean, dispersion) for level in LEVELS.values()])


def _whole(level: float, mean: Floats, dispersion: Floats) -> Floats:
    size = 1.0 / dispersion
    result: Floats = nbinom.ppf(level, size, size / (size + mean))
    return result


def _weighed(level: float, mean: Floats, dispersion: Floats) -> Floats:
    variance = mean + dispersion * mean**2
    result: Floats = gamma.ppf(level, mean**2 / variance, scale=variance / mean)
    return result
