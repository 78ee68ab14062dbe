"""A factor from few days is pulled towards the factor above it; how far is arithmetic, not taste.

Normal approximation in log units: estimate with information `I` (inverse variance), prior with spread `sd` about the
parent, so the weight of the estimate is I / (I + 1 / sd^2). What merchants share on a day (`day_sd`) bounds the
information of one day however many merchants it has.
"""

from __future__ import annotations

import numpy as np

from models.forecasting.panel import Floats, Ints

HALF_COUNT = 0.5  # keeps the logarithm of an empty cell finite; in units of information


def shrunk_log_ratio(sold: Floats, promised: Floats, code: Ints, parent: Floats, sd: float, day_sd: float) -> Floats:
    """Log ratio of sums by code, shrunk to its parent.

    Parameters
    ----------
    sold, promised : arrays of one shape
        Cells; `promised` includes every other factor, and is information as well.
    code : array of int, same shape
        Which factor a cell speaks for; negative = none.
    parent : array (codes,)
        Log factor above each.
    sd : float
        Spread of factors about their parent.
    day_sd : float
        Spread that the merchants of a cell share.
    """
    use = (code >= 0) & (promised > 0)
    size, picked = len(parent), code[use]
    total = np.bincount(picked, sold[use], size)
    base = np.bincount(picked, promised[use], size)
    information = np.bincount(picked, 1.0 / (day_sd**2 + 1.0 / promised[use]), size)
    estimate = np.log((total + HALF_COUNT * np.exp(parent)) / (base + HALF_COUNT))
    weight = information / (information + 1.0 / sd**2)
    return np.where(base > 0, parent + weight * (estimate - parent), parent)


def shrink_weight(variance: Floats, sd: float) -> Floats:
    """Weight of an estimate with a sampling variance against a prior of spread `sd`."""
    return sd**2 / (sd**2 + variance)
