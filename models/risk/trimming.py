"""Trouble that lasted is no part of what is usual: weeks that were bad throughout are kept out of the past.

Without this a handful of merchants that were in trouble for a month set the mark, and nobody after them is rare enough.
A single extreme day stays in: it may be chance, and heavy tails must not be cut off. What goes is what chance hardly
does: many days in a row, each bad, judged by the mean of the days' clipped scores against its own robust spread.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from models.metrics.windows import rolling_sum
from models.risk.groups import NORMAL_MAD
from models.risk.row_quantiles import GOOD_QUANTILE, GOOD_SHARE, row_quantiles
from models.risk.settings import CalibrationSettings

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NORMAL_SHARE, NORMAL_QUANTILE = 0.95, 1.645  # the 95 % point of a normal distribution lies 1.645 deviations out
# Share of a week's days that must be far out, however far, for its mean to be: scores that overlap from day to day have
# means that scatter as much as they do, so that a day must count for more there.
ENOUGH_DAYS = 4 / 7


def any_trouble(series: Iterable[FloatArray], settings: CalibrationSettings) -> BoolArray:
    """Days that belong to a run of bad days in any of a metric's series, arrays of one shape (merchants, days).

    A series that is named twice is looked at once.
    """
    distinct = {id(scores): scores for scores in series}.values()
    trouble: BoolArray = np.any([lasting_trouble(scores, settings) for scores in distinct], axis=0)
    return trouble


def lasting_trouble(scores: FloatArray, settings: CalibrationSettings) -> BoolArray:
    """Days that belong to a run of bad days.

    Parameters
    ----------
    scores : array (merchants, days)
        High is bad; NaN where there is none.

    Returns
    -------
    array (merchants, days) of bool
    """
    trouble = np.zeros(scores.shape, dtype=bool)
    known = ~np.isnan(scores)
    if not known.any():
        return trouble
    usual = float(np.median(scores[known]))
    scatter = NORMAL_MAD * float(np.median(np.abs(scores[known] - usual)))
    means = _week_means(scores, usual, settings.trim_clip * scatter, settings.trim_days)
    if not (~np.isnan(means)).any():
        return trouble
    middle, spread = _middle_and_spread(means)
    if spread <= 0:  # nearly all weeks are alike (never out of stock): the few others are what there is to rank among
        return trouble
    far = settings.trim_deviations * spread * _restlessness(scores, usual, scatter, settings.trim_restless)[:, None]
    most = np.maximum(far / ENOUGH_DAYS, settings.trim_clip * scatter)
    means = _week_means(scores, usual, most, settings.trim_days)
    bad = np.nan_to_num(means, nan=-np.inf) > middle + far
    for back in range(settings.trim_days):  # a bad mean marks all the days it was taken over
        trouble[:, : scores.shape[1] - back] |= bad[:, back:]
    trouble &= known
    return trouble if trouble.sum() <= settings.trim_most * known.sum() else np.zeros_like(trouble)


def _week_means(scores: FloatArray, usual: float, most: FloatArray | float, days: int) -> FloatArray:
    """Means of so many days' scores, each counted at most `most` from the middle; NaN where too few are known."""
    known = ~np.isnan(scores)
    clipped = np.where(known, np.clip(scores, usual - most, usual + most), np.nan)
    every_day = slice(0, scores.shape[1])
    number = rolling_sum(np.where(known, 1.0, np.nan), days, every_day)
    total = rolling_sum(clipped, days, every_day)
    means: FloatArray = np.where(number >= (days + 1) // 2 + 1, total / np.maximum(number, 1), np.nan)
    return means


def _middle_and_spread(means: FloatArray) -> tuple[float, float]:
    some = means[~np.isnan(means)]
    middle, high = np.quantile(some, (0.5, NORMAL_SHARE))
    spread = max(NORMAL_MAD * np.median(np.abs(some - middle)), (high - middle) / NORMAL_QUANTILE)
    return float(middle), float(spread)


def _restlessness(scores: FloatArray, usual: float, scatter: float, most: float) -> FloatArray:
    """How many times further than usual each merchant's good days lie out, from 1 to `most` (merchants,).

    A merchant that is always restless is bad for a week by chance, which belongs to what is usual. Good days tell of
    it, since trouble adds to the bad ones alone; and they are held against the merchant's own middle where that is
    lower, because trouble that is over stays in what the days after it are held against, so that all of them look good.
    """
    found = row_quantiles(scores, (GOOD_SHARE, 0.5))
    good, middle = np.where(np.isnan(found), usual, found)
    times = (np.minimum(middle, usual) - good) / (GOOD_QUANTILE * max(scatter, 1e-9))
    return np.clip(times, 1.0, most)
