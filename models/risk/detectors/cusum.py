"""A cumulative sum of what exceeds a slack, over the last days at most: it remembers a drift from its first day.

Without a bound the sum of a few restless merchants would gather for weeks, so that the past of all said little of
today; with one, every day of the past is like today after as many days as the bound.
Source: Page (1954), "Continuous inspection schemes"; window-limited as in Lai (1995), "Sequential changepoint detection
in quality control and dynamical systems".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def scores(z: FloatArray, slack: float, clip: float, days: int) -> FloatArray:
    """Highest sum of (residual - slack) over the last one to `days` days, array (merchants, days).

    Parameters
    ----------
    z : array (merchants, days)
        Directed residuals, high is bad; a day without one adds nothing.
    slack : float
        What a day may be worse than expected without adding to the sum; the drift looked for is twice as large.
    clip : float
        One day counts at most this much.
    days : int
        Longest sum.

    Returns
    -------
    array (merchants, days)
        Below zero on a calm day, which keeps an order among calm merchants; NaN where the day has no residual.
    """
    steps = np.nan_to_num(np.clip(z, -clip, clip) - slack, nan=0.0)
    total = np.concatenate([np.zeros((len(z), 1)), np.cumsum(steps, axis=1)], axis=1)
    lowest = total[:, :-1].copy()
    for back in range(1, min(days, z.shape[1])):
        np.minimum(lowest[:, back:], total[:, : -1 - back], out=lowest[:, back:])
    return np.where(np.isnan(z), np.nan, total[:, 1:] - lowest)
