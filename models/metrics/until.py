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
BoolArray = npt.NDArray[np.bool_]

MOST = 100_000  # a count beyond this is no help to anybody: not known


def more_bad_over_own_limit(
    now: Posterior, bad: FloatArray, limit: float, probability: float, min_bad: int
) -> FloatArray:
    """Smallest k for which k more bad events make P(rate > limit) >= probability, `min_bad` bad ones at least."""
    least = np.maximum(min_bad - np.nan_to_num(bad), 0)

    def is_red(more: FloatArray) -> BoolArray:
        sure = now.after(more, 0.0).probability_over(limit) >= probability
        enough: BoolArray = sure & (more >= least)
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

    def is_fine(more: FloatArray) -> BoolArray:
        fine = np.ones(int(asked.sum()), dtype=bool)
        for limit, probability in rules:
            fine &= some.after(0.0, more).probability_over(limit) < probability
        return fine

    result[asked] = _smallest(is_fine, int(asked.sum()))
    return result


def _smallest(holds: Callable[[FloatArray], BoolArray], count: int) -> FloatArray:
    """Smallest whole k with `holds(k)`, for a condition that once true stays true; NaN beyond MOST."""
    high = np.ones(count)
    low = np.zeros(count)  # holds at `high` in the end, does not hold at `low` (unless 0 itself)
    zero = holds(low)
    pending = ~zero
    while pending.any() and high.max() < MOST:
        reached = holds(high)
        pending = ~reached & ~zero
        low = np.where(pending, high, low)
        high = np.where(pending, high * 4, high)
    never = ~holds(high) & ~zero
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        reached = holds(middle)
        high = np.where(reached, middle, high)
        low = np.where(reached, low, middle)
    return np.where(never, np.nan, np.where(zero, 0.0, high))
