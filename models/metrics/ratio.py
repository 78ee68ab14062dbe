"""Quotients that are no shares of single orders (in-stock share, conversion): their doubt comes from the days.

Days are correlated, so that whole runs of days are resampled (moving-block bootstrap, Kuensch 1989). Of the quotient's
linear part the bootstrap's variance has a closed form, which is what runs for every merchant; the resampling itself
is kept here as its measure.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.metrics.mean import NormalPosterior

FloatArray = npt.NDArray[np.float64]


def block_length(days: int) -> int:
    """Days in a block: the cube root of the days, as the bootstrap's theory asks, at least 2."""
    return max(2, round(days ** (1 / 3))) if days > 1 else 1


def quotient(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Sum over sum of the known days, shape (merchants,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value: FloatArray = np.nansum(numerator, axis=1) / np.nansum(denominator, axis=1)
    return np.where(np.isfinite(value), value, np.nan)


def block_deviation(numerator: FloatArray, denominator: FloatArray, block: int) -> FloatArray:
    """Standard deviation of the quotient that moving blocks of `block` days give, in closed form.

    Parameters
    ----------
    numerator, denominator : arrays (merchants, days)
        NaN in both where a day is not known.
    """
    days = numerator.shape[1]
    value = quotient(numerator, denominator)
    off = np.nan_to_num(numerator - value[:, None] * denominator)
    total = np.zeros((off.shape[0], days + 1))
    np.cumsum(off, axis=1, out=total[:, 1:])
    sums = total[:, block:] - total[:, :-block]
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation: FloatArray = np.sqrt(days / block * sums.var(axis=1)) / np.nansum(denominator, axis=1)
    return np.where(np.isfinite(deviation), deviation, np.nan)


def block_bootstrap(numerator: FloatArray, denominator: FloatArray, block: int, draws: int, seed: int) -> FloatArray:
    """Quotients of resampled days, shape (draws, merchants); the measure of `block_deviation`."""
    days = numerator.shape[1]
    generator = np.random.default_rng(seed)
    starts = generator.integers(0, days - block + 1, size=(draws, -(-days // block)))
    chosen = (starts[:, :, None] + np.arange(block)).reshape(draws, -1)[:, :days]
    above, below = np.nan_to_num(numerator), np.nan_to_num(denominator)
    result: FloatArray = above[:, chosen].sum(axis=2).T / below[:, chosen].sum(axis=2).T
    return result


def ratio_posterior(numerator: FloatArray, denominator: FloatArray, scale: float) -> NormalPosterior:
    """Value and doubt of a quotient, times `scale`; the doubt is at least a thousandth of the value."""
    block = min(block_length(numerator.shape[1]), numerator.shape[1])
    value = quotient(numerator, denominator)
    deviation = block_deviation(numerator, denominator, block)
    return NormalPosterior(value * scale, np.maximum(deviation, np.abs(value) * 1e-3 + 1e-9) * scale)
