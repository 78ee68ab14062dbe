"""False-discovery control: of all merchants flagged on a day, at most a set share is a false alarm on average.

Weights let some hypotheses need less than others: a p-value is divided by its weight, and as long as the weights do not
look at the p-values and have a mean of 1, the share of false alarms stays where it was.
A least threshold keeps a calm day from asking more than its number of merchants calls for: where next to nothing else
is wrong the control allows next to nothing, although a false alarm in some thousands of merchants would do no harm.
Sources: Benjamini and Hochberg (1995); Genovese, Roeder and Wasserman (2006) for the weights.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def passes_control(p_values: FloatArray, q: float, weights: FloatArray | None = None, least: float = 0.0) -> BoolArray:
    """Whether each p-value passes the Benjamini-Hochberg control at level q; NaN never does.

    Parameters
    ----------
    weights : array, optional
        Each p-value is divided by its own; all 1 where none are given.
    least : float
        What is at or below it passes in any case.
    """
    weighted = _weighted(p_values, weights)
    known = ~np.isnan(weighted)
    ordered = np.sort(weighted[known])
    if not len(ordered):
        return np.zeros(len(weighted), dtype=bool)
    allowed = q * np.arange(1, len(ordered) + 1) / len(ordered)
    below = np.flatnonzero(ordered <= allowed)
    threshold = max(ordered[below[-1]], least) if len(below) else least
    return np.nan_to_num(weighted, nan=2.0) <= threshold


def needed_to_pass(p_values: FloatArray, q: float, weights: FloatArray | None = None, least: float = 0.0) -> FloatArray:
    """Largest p-value with which each would pass the control, all others being as they are; NaN where it has none.

    A p-value passes exactly when it is at most q r / m times its weight, where r counts what would pass were it 0. For
    what passes, r is the number that do. For what does not, r is the last place k below its own value at which the
    others fill k - 1 places.
    """
    weighted = _weighted(p_values, weights)
    known = ~np.isnan(weighted)
    number = int(known.sum())
    needed = np.full(len(weighted), np.nan)
    if not number:
        return needed
    places = np.arange(1, number + 1)
    allowed = q * places / number
    filled = np.searchsorted(np.sort(weighted[known]), allowed, side="right")
    passing = np.flatnonzero(filled >= places)
    passed = int(places[passing[-1]]) if len(passing) else 0
    # One more would pass at these places; the first of them is the one after the last that passes.
    open_places = places[(places > passed) & (filled == places - 1)]
    place = np.full(number, float(passed))
    missed = weighted[known] > (allowed[passed - 1] if passed else -1.0)
    if missed.any():
        reached = np.searchsorted(allowed[open_places - 1], weighted[known][missed], side="left") - 1
        place[missed] = open_places[np.maximum(reached, 0)]
    own = np.ones(number) if weights is None else weights[known]
    needed[known] = np.maximum(q * place / number, least) * own
    return needed


def _weighted(p_values: FloatArray, weights: FloatArray | None) -> FloatArray:
    if weights is None:
        return p_values
    weighted: FloatArray = p_values / weights
    return weighted
