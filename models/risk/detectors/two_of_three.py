"""Two bad days of three, the last one among them: what a single bad day by chance does not do.

Source: the second of the run rules of Western Electric (Statistical Quality Control Handbook, 1956), one-sided.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def scores(z: FloatArray) -> FloatArray:
    """Height that the last day and at least one of the two days before it reach.

    Parameters
    ----------
    z : array (merchants, days)
        Directed residuals, high is bad.

    Returns
    -------
    array (merchants, days)
        NaN where the last day, or both days before it, are not known.
    """
    before = np.full_like(z, np.nan)
    before[:, 1:] = z[:, :-1]
    before[:, 2:] = np.fmax(before[:, 2:], z[:, :-2])
    return np.minimum(z, before)
