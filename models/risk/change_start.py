"""Since when: the day from which on the mean of the residuals stands out most.

Source: Hinkley (1970), the maximum-likelihood estimate of a change point when the mean before it is known (here 0).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def change_start(z: FloatArray, days: int, clip: float, least: float) -> IntArray:
    """Days ago on which the trouble that stands today most likely began.

    Parameters
    ----------
    z : array (merchants, days)
        Directed residuals, high is bad, the last day today; a day without one neither adds nor counts.
    days : int
        Longest look back.
    clip : float
        One day counts at most this much.
    least : float
        Sum of the days since the change over the root of their number that it must reach.

    Returns
    -------
    array (merchants,)
        0 is today; -1 where nothing stands out.
    """
    newest = np.clip(z[:, -days:], -clip, clip)[:, ::-1]
    known = ~np.isnan(newest)
    total, number = np.cumsum(np.where(known, newest, 0.0), axis=1), np.cumsum(known, axis=1)
    height = np.where(known, total / np.sqrt(np.maximum(number, 1)), -np.inf)
    best = height.argmax(axis=1)
    return np.where(height.max(axis=1) >= least, best, -1).astype(np.int64)
