"""A series' own covariates, standardized as Prophet does: over the rows that are there, unless they are 0 and 1."""

from __future__ import annotations

import numpy as np

from models.forecasting.panel import Flags, Floats


def standardize(own: Floats, present: Flags) -> tuple[Floats, Floats]:
    """Mean and standard deviation (series, columns) that covariates are shifted and divided by.

    Columns that are constant or hold only 0 and 1 on the rows of the history keep 0 and 1.

    Parameters
    ----------
    own : array (series, columns, days)
    present : array of bool (series, days)

    Raises
    ------
    ValueError
        When a covariate is not known on a day that has a value; the message names the first.
    """
    known = np.isfinite(own) | ~present[:, None, :]
    if not known.all():
        series, column, day = np.argwhere(~known)[0]
        raise ValueError(
            f"covariate {column} of series {series} is not a finite number on day {day} (all counted from 0), which "
            "has a value; fill it, or take the day out by a NaN value"
        )
    shown = np.where(present[:, None, :], own, 0.0)
    rows = np.maximum(present.sum(axis=1), 1)[:, None]
    mean = shown.sum(axis=2) / rows
    off = np.where(present[:, None, :], own - mean[:, :, None], 0.0)
    sd = np.sqrt((off * off).sum(axis=2) / np.maximum(rows - 1, 1))
    as_they_are = _constant(own, present) | _zero_one(shown, present)
    return np.where(as_they_are, 0.0, mean), np.where(as_they_are, 1.0, sd)


def _constant(own: Floats, present: Flags) -> Flags:
    low = np.where(present[:, None, :], own, np.inf).min(axis=2)
    high = np.where(present[:, None, :], own, -np.inf).max(axis=2)
    return low >= high


def _zero_one(shown: Floats, present: Flags) -> Flags:
    return ((shown == 0) | (shown == 1)).all(axis=2)
