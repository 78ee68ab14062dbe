"""Falls against peers become scores: in units of how far a shop itself usually lies out.

How restless a shop is say its days, by threes, against those four weeks before: twenty weeks hold more of such moves
than of a fortnight's falls, and their standard deviation uses all of them. What one move is worth in falls of each
length is the same for all shops, so that all tell it.

The one idea: two looks. Trouble widens a shop's own moves, and would hide itself. So a first look holds each day
against moves that were over four weeks before it, and marks weeks that are far out. The second leaves out what touches
those weeks, and holds each day against all moves before it, its own included: the past that a score is ranked in is
made as today's is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.metrics.windows import rolling_sum
from models.risk.against_peers import AgainstPeersSettings, Course, own_part
from models.risk.row_quantiles import GOOD_QUANTILE, GOOD_SHARE, row_quantiles
from models.risk.settings import CalibrationSettings
from models.risk.trimming import lasting_trouble

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

LEAST_MOVE = 1e-6  # deviations of moves; days that are quite alike have none


class PeerScores(NamedTuple):
    """Scores (merchants, days), high is bad, and the days that are surely trouble and so no part of what is usual."""

    scores: FloatArray
    trouble: BoolArray


class Fall(NamedTuple):
    """Falls of one length less the peers' middle, and the deviation by counting alone; arrays (merchants, days)."""

    own: FloatArray
    doubt: FloatArray


def scores_against_peers(
    course: Course, groups: IntArray, settings: AgainstPeersSettings, calibration: CalibrationSettings
) -> PeerScores:
    """How much worse than its peers each shop has done, in its own usual spread, on the scored days.

    Parameters
    ----------
    course : Course
        Of `courses`, of all merchants; the last day is today.
    groups : array (merchants,)
    calibration : CalibrationSettings
        Says what lasting trouble is; how far out, `settings.trouble_deviations` does.
    """
    apart = settings.move_apart_days
    moves = own_part(course.moves, groups, settings.least_peers)
    falls = [Fall(own_part(fall, groups, settings.least_peers), np.sqrt(doubt)) for fall, doubt in course.falls]
    days = falls[0].own.shape[1]
    first = _mean_score(falls, restlessness(moves[:, :-apart], settings, days), settings)
    trim = calibration.model_copy(update={"trim_deviations": settings.trouble_deviations})
    trouble = lasting_trouble(first, trim)
    moves[:, -days:][_touched(trouble, settings)] = np.nan
    scored = days - apart
    newest = [Fall(*(part[:, apart:] for part in fall)) for fall in falls]
    return PeerScores(_mean_score(newest, restlessness(moves, settings, scored), settings), trouble[:, apart:])


def _mean_score(falls: list[Fall], restless: FloatArray, settings: AgainstPeersSettings) -> FloatArray:
    total = np.zeros(restless.shape)
    for own, doubt in falls:
        # What counting alone would give is no sign of trouble, however calm a shop has been.
        total += own / np.maximum(usual_spread(own, restless, settings), doubt)
    return total / len(falls)


def _touched(trouble: BoolArray, settings: AgainstPeersSettings) -> BoolArray:
    """Moves that have a day of trouble in them, or are held against one."""
    days = trouble.shape[1]
    touched = trouble.copy()
    for back in range(1, max(settings.recent_days) // 2 + 1):  # a score sees trouble some days after it began
        touched[:, : days - back] |= trouble[:, back:]
    apart = settings.move_apart_days
    touched[:, apart:] |= touched[:, : days - apart].copy()
    return touched


def restlessness(moves: FloatArray, settings: AgainstPeersSettings, scored_days: int) -> FloatArray:
    """Standard deviation of each merchant's own moves of `usual_days`, on each scored day.

    The farthest few count as much as the next: one break of a shop's level shows in them for as long as a move is wide.

    Parameters
    ----------
    moves : array (merchants, days)
        Less the peers' middle, the last day today.

    Returns
    -------
    array (merchants, scored_days)
        NaN where fewer than `least_days` of them are known.
    """
    low, high = row_quantiles(moves, (settings.move_clip, 1 - settings.move_clip))
    clipped = np.clip(moves, low[:, None], high[:, None])
    ends = slice(max(moves.shape[1] - scored_days, 0), moves.shape[1])
    number, total, squares = (
        rolling_sum(part, settings.usual_days, ends)
        for part in (np.where(np.isnan(clipped), np.nan, 1.0), clipped, clipped**2)
    )
    known = np.maximum(number, 1)
    spread = np.sqrt(np.maximum(squares / known - (total / known) ** 2, 0))
    spread = np.where(number >= settings.least_days, np.maximum(spread, LEAST_MOVE), np.nan)
    if np.isnan(spread).all():
        return spread
    # Few days say little of a shop, so that it is drawn to all; a shop with all of its days speaks for itself.
    span = max(settings.usual_days - settings.least_days, 1)
    drawn = settings.shrinkage * np.clip(1 - (number - settings.least_days) / span, 0, 1)
    shrunk: FloatArray = spread ** (1 - drawn) * float(np.nanmedian(spread)) ** drawn
    return shrunk


def usual_spread(own: FloatArray, restless: FloatArray, settings: AgainstPeersSettings) -> FloatArray:
    """How far falls usually lie out, (merchants, days): a merchant's restlessness, in what that is worth in falls.

    All merchants' good days say what it is worth: trouble adds to the bad ones alone.

    Parameters
    ----------
    own : array (merchants, days)
        Falls of one length, less the peers' middle.
    restless : array (merchants, days)
        Of `restlessness`.
    """
    relative = own / restless
    known = np.sum(~np.isnan(relative), axis=1) >= min(settings.least_days, own.shape[1])
    if not known.any():
        return np.full(own.shape, np.nan)
    worth = float(np.median(-row_quantiles(relative[known], GOOD_SHARE))) / GOOD_QUANTILE
    spread: FloatArray = np.maximum(restless * max(worth, 0.0), settings.least_spread)
    return spread
