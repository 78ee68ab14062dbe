"""An exponentially weighted mean of the days' residuals: small and lasting trouble, the newest days foremost.

Source: Roberts (1959), "Control chart tests based on geometric moving averages".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def scores(z: FloatArray, share: float, clip: float) -> FloatArray:
    """Mean of the residuals with weights that fall by `1 - share` a day, over its deviation if days were independent.

    Parameters
    ----------
    z : array (merchants, days)
        Directed residuals, high is bad; a day without one is passed over.
    share : float
        Weight of the newest day, between 0 and 1.
    clip : float
        One day counts at most this much: the one-day detector has seen it already.

    Returns
    -------
    array (merchants, days)
        NaN where the day has no residual.
    """
    bounded, known = np.clip(z, -clip, clip), ~np.isnan(z)
    mean, weight, squares = (np.zeros(len(z)) for _ in range(3))
    out = np.full(z.shape, np.nan)
    for day in range(z.shape[1]):
        has = known[:, day]
        kept = np.where(has, 1 - share, 1.0)
        mean = mean * kept + np.where(has, bounded[:, day], 0.0) * share
        weight, squares = weight * kept + share * has, squares * kept**2 + share**2 * has
        out[has, day] = mean[has] / np.sqrt(squares[has])
    return out
