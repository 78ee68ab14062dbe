"""The seasonal naive: next Monday will be as last Monday. Whoever cannot beat it need not forecast."""

from __future__ import annotations

import numpy as np

from models.forecasting.panel import Floats

WEEK = 7
WEEKS_BACK = 4  # where last week's day is not known, the week before it, and so on


def seasonal_naive(values: Floats, known: int, days: int) -> Floats:
    """Forecast `days` columns from the newest known value of the same weekday.

    Parameters
    ----------
    values : array (merchants, columns)
        NaN = not known.
    known : int
        Columns that may be looked at.
    days : int

    Returns
    -------
    array (merchants, days)
        NaN where none of the last four such weekdays is known.
    """
    target = known + np.arange(days)
    result = np.full((values.shape[0], days), np.nan)
    for back in range(1, WEEKS_BACK + 1):
        column = target - WEEK * (np.arange(days) // WEEK + back)
        usable = column >= 0
        found = values[:, np.maximum(column, 0)]
        result = np.where(np.isnan(result) & usable, found, result)
    return result


def naive_scale(values: Floats, known: int) -> Floats:
    """Mean absolute error of the seasonal naive over the known columns (merchants,); NaN where there is none."""
    past = values[:, :known]
    error = np.abs(past[:, WEEK:] - past[:, :-WEEK]) if known > WEEK else np.empty((values.shape[0], 0))
    seen = np.isfinite(error)
    count = seen.sum(axis=1)
    total = np.where(seen, error, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
