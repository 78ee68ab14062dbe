"""Who is forecast: merchants that spoke lately, and newcomers that have not spoken yet."""

from __future__ import annotations

import numpy as np

from models.forecasting.panel import Flags, Floats


def eligible(values: Floats, age_days: np.ndarray, silent_days: int) -> Flags:
    """Whether each merchant is forecast.

    Parameters
    ----------
    values : array (merchants, history)
        NaN = not known.
    age_days : array of int (merchants,)
        Days since the merchant opened; negative = not yet, or not known.
    silent_days : int
        A merchant is forecast if it had a number within these days, or opened within them and never had one.
    """
    known = np.isfinite(values)
    lately = known[:, -silent_days:].any(axis=1)
    newcomer = ~known.any(axis=1) & (age_days >= 0) & (age_days < silent_days)
    result: Flags = lately | newcomer
    return result
