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

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NORMAL_MAD = 1.4826  # standard deviations of a normal law per median absolute deviation


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
    count = np.concatenate([np.zeros((len(moved), 1)), np.cumsum(moved, axis=1)], axis=1)
    day = np.arange(days)
    last, first = np.minimum(day + settings.days + 1, days), np.maximum(day - settings.days, 0)
    near: BoolArray = count[:, last] > count[:, first]
    return near


def _log_ratios(values: FloatArray, days: int, settings: LastingMoves) -> FloatArray:
    """Log of the mean from each of the last days on over the mean before it, about the platform's; NaN = not told."""
    history = values.shape[1]
    at = np.arange(history - days, history)
    before, after = np.maximum(at - settings.days, 0), np.minimum(at + settings.days, history)
    known = np.isfinite(values)
    sums, counts = (_cumulated(part) for part in (np.where(known, values, 0.0), known))
    seen = counts[:, at] - counts[:, before], counts[:, after] - counts[:, at]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (sums[:, at] - sums[:, before]) / seen[0], (sums[:, after] - sums[:, at]) / seen[1]
        ratio = np.log(means[1] / means[0])
    told = np.isfinite(ratio) & (np.minimum(*seen) >= settings.least_known)
    ratio = np.where(told, ratio, np.nan)
    some = told.any(axis=0)
    ratio[:, some] -= np.nanmedian(ratio[:, some], axis=0)  # what the whole platform did is no move of one merchant
    return ratio


def _cumulated(values: npt.NDArray[np.generic]) -> FloatArray:
    result: FloatArray = np.concatenate(
        [np.zeros((len(values), 1)), np.cumsum(values, axis=1, dtype=np.float64)], axis=1
    )
    return result
