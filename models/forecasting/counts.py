"""Quantiles of small counts by look-up: negative binomial for whole units, gamma of the same variance for others.

Millions of product-days share a few thousand (mean, dispersion) pairs, so the quantiles are computed once on a grid
(means 3 % apart) and joined; beyond `EXACT_BELOW` the quantile is scaled from the grid's mean to the product's own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import gamma, nbinom

SMALLEST_MEAN, MEAN_STEP, MEANS = 1e-3, 0.03, 760
DISPERSIONS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5, 4.0, 7.0, 12.0)
LEVELS = {"q10": 0.10, "q50": 0.50, "q80": 0.80, "q90": 0.90}
EXACT_BELOW = 20.0


def quantile_table(whole: bool) -> pd.DataFrame:
    """Quantiles on the grid.

    Parameters
    ----------
    whole : bool
        Units are whole numbers.

    Returns
    -------
    DataFrame
        mean_place, dispersion_place, grid_mean, grid_dispersion, q10, q50, q80, q90.
    """
    means = SMALLEST_MEAN * np.exp(MEAN_STEP * np.arange(MEANS))
    mean, dispersion = (grid.ravel() for grid in np.meshgrid(means, DISPERSIONS, indexing="ij"))
    places = np.meshgrid(np.arange(MEANS), np.arange(len(DISPERSIONS)), indexing="ij")
    table = pd.DataFrame(
        {
            "mean_place": places[0].ravel(),
            "dispersion_place": places[1].ravel(),
            "grid_mean": mean,
            "grid_dispersion": dispersion,
        }
    )
    for name, level in LEVELS.items():
        table[name] = _whole(level, mean, dispersion) if whole else _weighed(level, mean, dispersion)
    return table


def _whole(level: float, mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    size = 1.0 / dispersion
    result: np.ndarray = nbinom.ppf(level, size, size / (size + mean))
    return result


def _weighed(level: float, mean: np.ndarray, dispersion: np.ndarray) -> np.ndarray:
    variance = mean + dispersion * mean**2
    result: np.ndarray = gamma.ppf(level, mean**2 / variance, scale=variance / mean)
    return result
