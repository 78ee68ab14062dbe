"""Where the slope may change: Prophet's rule of indices over the rows that are there."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from models.forecasting.batched_prophet.settings import ProphetSettings
from models.forecasting.panel import Ints


@lru_cache(maxsize=4096)
def changepoint_rows(rows: int, settings: ProphetSettings) -> Ints:
    """Rows (counted from 0) at which the slope may change, of a history of `rows` rows.

    Evenly spread over the first share of the rows without the very first; fewer where there are too few rows. Two rows
    leave no room; Prophet then keeps one idle changepoint at the start, and so do we.
    """
    usable = int(np.floor(rows * settings.changepoint_range))
    count = min(settings.changepoints, usable - 1)
    if count <= 0:
        return np.zeros(1, dtype=np.int64)
    return np.linspace(0, usable - 1, count + 1).round().astype(np.int64)[1:]
