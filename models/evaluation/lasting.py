"""Days around a lasting move of a merchant's level, as only later days can tell.

Real series hold real trouble: a rival opens next door, and a shop sells a third less from then on. A small p-value
there is no false one. Whether it lasted is seen in the weeks after, which no detector had; a move either way counts, so
that leaving such days out favours no side. For evaluation only: nothing that runs on a day may read the days after it.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from models.metrics.windows import rolling_sum
from models.risk.groups import NORMAL_MAD

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class LastingMoves(BaseModel):
    """What is a lasting move.

    Parameters
    ----------
    days : int
        Days before and after that are compared; days so near to a move are left out.
    least_known : int
        Known days on either side, below which nothing is said.
    times : float
        Robust standard deviations of all merchants' ratios beyond which a ratio is a move and no noise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Annotated[int, Field(ge=7)] = 28
    least_known: Annotated[int, Field(ge=1)] = 10
    times: Annotated[float, Field(gt=0)] = 6.0


def near_lasting_moves(values: FloatArray, days: int, settings: LastingMoves) -> BoolArray:
    """Whether each of the last days lies near a lasting move of its merchant, array (merchants, days).

    Parameters
    ----------
    values : array (merchants, history)
        NaN = not known.
    days : int
        Newest columns that are asked for.
    """
    moves = _log_ratios(values, days, settings)
    with np.errstate(invalid="ignore"):
        spread = NORMAL_MAD * np.nanmedian(np.abs(moves)) if np.isfinite(moves).any() else np.inf
        moved = np.abs(moves) > settings.times * spread
    later = _later(moved.astype(np.float64), settings.days)
    near: BoolArray = rolling_sum(later, 2 * settings.days + 1, slice(settings.days, None)) > 0
    return near


def _log_ratios(values: FloatArray, days: int, settings: LastingMoves) -> FloatArray:
    """Log of the mean from each of the last days on over the mean before it, about the platform's; NaN = not told."""
    later = _later(values, settings.days)
    known = np.where(np.isnan(later), np.nan, 1.0)
    first = values.shape[1] - days
    ends = slice(first, values.shape[1]), slice(first + settings.days - 1, later.shape[1] - 1)
    sums, seen = (
        (rolling_sum(part, settings.days, ends[0], before=1), rolling_sum(part, settings.days, ends[1]))
        for part in (later, known)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.log((sums[1] / seen[1]) / (sums[0] / seen[0]))
    told = np.isfinite(ratio) & (np.minimum(*seen) >= settings.least_known)
    ratio = np.where(told, ratio, np.nan)
    some = told.any(axis=0)
    ratio[:, some] -= np.nanmedian(ratio[:, some], axis=0)  # what the whole platform did is no move of one merchant
    return ratio


def _later(values: FloatArray, days: int) -> FloatArray:
    """The same with so many days after the last, of which nothing is known."""
    return np.pad(values, ((0, 0), (0, days)), constant_values=np.nan)
