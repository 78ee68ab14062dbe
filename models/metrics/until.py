"""How many more bad events until red, and how many good ones until green: what a merchant can plan with.

For a platform's limit this is arithmetic (`platform.py`); for our own limit it asks when the posterior would be sure
enough. That is monotone, so that a bisection over whole numbers finds the smallest count for all merchants at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from models.metrics.exposure import Posterior

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MOST = 100_000  # a count beyond this is no help to anybody: not known


def more_bad_over_own_limit(
    now: Posterior, bad: FloatArray, limit: float, probability: float, min_bad: int
) -> FloatArray:
    """Smallest k for which k more bad events make P(rate > limit) >= probability, `min_bad` bad ones at least."""
    least = np.maximum(min_bad - np.nan_to_num(bad), 0)

    def is_red(more: FloatArray, rows: IntArray) -> BoolArray:
        sure = now.part(rows).after(more, 0.0).probability_over(limit) >= probability
        enough: BoolArray = sure & (more >= least[rows])
        return enough

    return _smallest(is_red, len(bad))


def good_under_own_limit(now: Posterior, rules: list[tuple[float, float]], asked: BoolArray) -> FloatArray:
    """Smallest k for which k more good events bring P(rate > limit) below each rule's probability.

    Parameters
    ----------
    rules : list of (limit, probability)
        Usually the amber and the red one.
    asked : array of bool
        Merchants to compute; others are NaN (a green light needs no good events).
    """
    result = np.full(len(asked), np.nan)
    if not asked.any():
        return result
    some = now.part(asked)

    def is_fine(more: FloatArray, rows: IntArray) -> BoolArray:
        fine, after = np.ones(len(rows), dtype=bool), some.part(rows).after(0.0, more)
        for limit, probability in rules:
            fine &= after.probability_over(limit) < probability
        return fine

    result[asked] = _smallest(is_fine, int(asked.sum()))
    return result


def _smallest(holds: Callable[[FloatArray, IntArray], BoolArray], count: int) -> FloatArray:
    """Smallest whole k with `holds(k, rows)`, for a condition that once true stays true; NaN beyond MOST.

    Only rows whose answer is open are asked again: most are settled after a few of two dozen questions.
    """
    low, high, answer = np.zeros(count), np.zeros(count), np.full(count, np.nan)
    every = np.arange(count)
    zero = holds(low, every)
    answer[zero] = 0.0
    bracketed, rising = [], every[~zero]
    high[rising] = 1.0
    while len(rising):
        reached = holds(high[rising], rising)
        bracketed.append(rising[reached])
        rising = rising[~reached & (high[rising] < MOST)]
        low[rising], high[rising] = high[rising], high[rising] * 4
    open_ = np.concatenate([every[:0], *bracketed])
    answer[open_] = high[open_]
    while len(open_ := open_[high[open_] - low[open_] > 1]):
        middle = np.floor((low[open_] + high[open_]) / 2)
        reached = holds(middle, open_)
        high[open_] = answer[open_] = np.where(reached, middle, high[open_])
        low[open_] = np.where(reached, low[open_], middle)
    return answer
