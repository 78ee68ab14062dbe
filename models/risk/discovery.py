"""False-discovery control: of all merchants flagged on a day, at most a set share is a false alarm on average.

Source: Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def passes_control(p_values: FloatArray, q: float) -> BoolArray:
    """Whether each p-value passes the Benjamini-Hochberg control at level q; NaN never does."""
    known = ~np.isnan(p_values)
    ordered = np.sort(p_values[known])
    if not len(ordered):
        return np.zeros(len(p_values), dtype=bool)
    allowed = q * np.arange(1, len(ordered) + 1) / len(ordered)
    below = np.flatnonzero(ordered <= allowed)
    threshold = ordered[below[-1]] if len(below) else -1.0
    return np.nan_to_num(p_values, nan=2.0) <= threshold
