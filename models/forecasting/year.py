"""The yearly shape of the platform, where history holds two years; with less, trend and season cannot be told apart.

The merchants' summed level is chained from day to day (each link over the same merchants, so that newcomers do
not look like growth), its growth from year to year is taken out, and what both years agree on is kept.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from models.forecasting.panel import Floats
from models.forecasting.policy import FactorPolicy

YEAR = 365


def year_shape(grown: Floats, until: int, first_day: date, days: int, policy: FactorPolicy) -> Floats:
    """Log shape of each of `days` columns; zeros where history is shorter than `policy.year_days`.

    Parameters
    ----------
    grown : array (2, columns)
        See `DayCells`.
    until : int
        First column that must not be looked at.
    first_day : date
        Day of column 0.
    """
    if until < policy.year_days:
        return np.zeros(days)
    linked = (grown[0, :until] > 0) & (grown[1, :until] > 0)
    steps = np.zeros(until)
    steps[linked] = np.log(grown[0, :until][linked] / grown[1, :until][linked])
    index = np.cumsum(steps)
    growth = (index[YEAR:] - index[:-YEAR]).mean() / YEAR
    index = index - growth * np.arange(until)
    of_year = _day_of_year(first_day, days)
    count = np.bincount(of_year[:until], minlength=YEAR)
    mean = np.bincount(of_year[:until], index, YEAR) / np.maximum(count, 1)
    shape = _smoothed(mean, policy.year_half_width)
    noise = (index - mean[of_year[:until]]).var() / max(until / YEAR - 1.0, 1.0)
    signal = max(shape.var() - noise, 0.0)
    result: Floats = (shape - shape.mean())[of_year] * signal / (signal + noise + 1e-12)
    return result


def _day_of_year(first_day: date, days: int) -> np.ndarray:
    stamps = np.datetime64(first_day) + np.arange(days)
    position = (stamps - stamps.astype("datetime64[Y]")).astype(np.int64)
    return np.minimum(position, YEAR - 1)


def _smoothed(shape: Floats, half: int) -> Floats:
    around = np.concatenate([shape[-half:], shape, shape[:half]])
    kernel = np.ones(2 * half + 1) / (2 * half + 1)
    result: Floats = np.convolve(around, kernel, mode="valid")
    return result
