"""Scores of shops that a forecast has not known for long: what they say is the forecast's surprise, not the shop's.

A forecast of a shop's first weeks is mostly that of its peers, which may be a hundred times the shop. As its level
moves to the shop, everything looks like a fall.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def settled(scores: FloatArray, days: int) -> FloatArray:
    """Scores without the first days of those who began within the days that are looked at.

    Parameters
    ----------
    scores : array (merchants, days)
        The last day today; NaN where none is known.
    days : int
        Days from a shop's first score on that say nothing. Whoever has a score on the first day began before it.
    """
    known = ~np.isnan(scores)
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0)
    columns = np.arange(scores.shape[1])
    new = (first > 0)[:, None] & (columns < (first + days)[:, None])
    return np.where(new, np.nan, scores)
