"""Sums over windows of days, for all merchants at once.

A panel is a matrix merchants x days whose last column is the day that is navigated. A day that is not known (NaN) in
any part of a metric counts in none of its parts: a shop without data did not sell zero.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
ColumnReader = Callable[[str], FloatArray]  # name of a column -> its panel (merchants, days)


def known_together(*parts: FloatArray) -> tuple[FloatArray, ...]:
    """Set a day to NaN in every part where it is NaN in one of them."""
    unknown = np.isnan(parts[0])
    for part in parts[1:]:
        unknown = unknown | np.isnan(part)
    return tuple(np.where(unknown, np.nan, part) for part in parts)


def window_slice(days: int, length: int, lag: int, shift: int = 0) -> slice:
    """Columns of the window (as_of - lag - shift - length, as_of - lag - shift] in a panel of `days` days."""
    stop = max(days - lag - shift, 0)
    return slice(max(stop - length, 0), stop)


def window_sum(panel: FloatArray, length: int, lag: int = 0, shift: int = 0) -> FloatArray:
    """Sum of the known days of a window, shape (merchants,); NaN where no day is known."""
    part = panel[:, window_slice(panel.shape[1], length, lag, shift)]
    total = np.nansum(part, axis=1)
    return np.where(np.isnan(part).all(axis=1), np.nan, total)


def reaches(panel: FloatArray, length: int, lag: int = 0, shift: int = 0) -> bool:
    """Whether a panel holds every day of a window; the sum of a part of it would be no window's sum."""
    return panel.shape[1] >= length + lag + shift


def known_days(panel: FloatArray, length: int, lag: int = 0, shift: int = 0) -> FloatArray:
    """Number of known days of a window, shape (merchants,)."""
    part = panel[:, window_slice(panel.shape[1], length, lag, shift)]
    return np.sum(~np.isnan(part), axis=1).astype(np.float64)


def rolling_sum(panel: FloatArray, length: int, ends: slice, before: int = 0) -> FloatArray:
    """Sums of the `length` days that end `before` days before each day of `ends`.

    Parameters
    ----------
    panel : array (merchants, days)
        NaN counts as nothing.
    ends : slice
        Days (columns) at which a sum ends, before `before` is taken off.

    Returns
    -------
    array (merchants, number of ends)
        Days before the panel's first column count as nothing.
    """
    total = np.zeros((panel.shape[0], panel.shape[1] + 1))
    np.cumsum(np.where(np.isnan(panel), 0.0, panel), axis=1, out=total[:, 1:])
    last = np.clip(np.arange(panel.shape[1])[ends] + 1 - before, 0, None)
    first = np.clip(last - length, 0, None)
    sums: FloatArray = total[:, last] - total[:, first]
    return sums
