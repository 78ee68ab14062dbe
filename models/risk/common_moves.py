"""What moved everybody on a day says nothing of anybody: scores are taken relative to merchants of like volume.

A holiday, a rival's sale or a mild winter moves all shops together, up or down, by less than an incident; pooled with
other days such moves would make everything look usual, and a shop that falls while all others rise would stay unseen.
So each day's scores are centred on its median, and a day on which all are more scattered than usual is scaled back.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.risk.settings import CommonMoveSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NORMAL_MAD = 1.4826  # a normal distribution's deviation over its median absolute deviation


def without_common_moves(scores: FloatArray, strata: IntArray, settings: CommonMoveSettings) -> FloatArray:
    """Scores of each day relative to those of the same day's merchants of like volume.

    Parameters
    ----------
    scores : array (merchants, days)
        Directed residuals, high is bad.
    strata : array (merchants,)
        Volume stratum; one with too few scores on a day is taken relative to all merchants, and a platform with too few
        is left as it is.

    Returns
    -------
    array (merchants, days)
        Only what was known on a day is used for it, but for the usual scatter, which is that of all days up to today.
    """
    whole = _Level.of(scores, settings)
    relative = np.empty_like(scores)
    for stratum in np.unique(strata):
        rows = strata == stratum
        own = _Level.of(scores[rows], settings)
        relative[rows] = own.otherwise(whole).applied(scores[rows])
    return relative


class _Level:
    """Centre and scale of each day (days,); NaN where there are too few scores to tell."""

    def __init__(self, centre: FloatArray, scale: FloatArray) -> None:
        self.centre, self.scale = centre, scale

    @staticmethod
    def of(scores: FloatArray, settings: CommonMoveSettings) -> _Level:
        """Median and robust spread of the days; a day is only ever scaled down."""
        days = scores.shape[1]
        centre, spread = np.full(days, np.nan), np.full(days, np.nan)
        told = np.flatnonzero((~np.isnan(scores)).sum(axis=0) >= settings.least_merchants)
        if not len(told):
            return _Level(centre, spread)
        centre[told] = np.nanmedian(scores[:, told], axis=0)
        spread[told] = NORMAL_MAD * np.nanmedian(np.abs(scores[:, told] - centre[told]), axis=0)
        usual = max(float(np.median(spread[told])), 1e-9)
        return _Level(centre, np.where(np.isnan(spread), np.nan, np.maximum(spread / usual, 1.0)))

    def otherwise(self, wider: _Level) -> _Level:
        """This level, and the wider one's on days of which this one knows too little."""
        few = np.isnan(self.centre)
        return _Level(np.where(few, wider.centre, self.centre), np.where(few, wider.scale, self.scale))

    def applied(self, scores: FloatArray) -> FloatArray:
        """Scores relative to the level; unchanged on days without one."""
        centre, scale = np.nan_to_num(self.centre), np.nan_to_num(self.scale, nan=1.0)
        return (scores - centre) / scale
