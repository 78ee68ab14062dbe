"""What a feature is: its name, the reason it stands for, and which way it can only point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from models.risk.outlook.history import FloatArray


class Feature(NamedTuple):
    """One column of what the models look at.

    Parameters
    ----------
    name : str
    reason : str
        Code of `reasons.py` that it speaks for.
    direction : int
        -1: more of it can only lower the probability, 1: only raise it, 0: either. Holds in the trees, so that a
        merchant that does better is never told a higher probability for it.
    adjusted : bool
        The platform's median of the day is taken off.
    """

    name: str
    reason: str
    direction: int = 0
    adjusted: bool = False


def matrix(features: Sequence[Feature], found: Mapping[str, FloatArray]) -> FloatArray:
    """Columns of features in their order, array (merchants, features); infinities become NaN.

    Raises
    ------
    KeyError
        When one has not been calculated.
    """
    values = np.stack([np.asarray(found[one.name], dtype=np.float64) for one in features], axis=1)
    values[~np.isfinite(values)] = np.nan
    return values


def middles(features: Sequence[Feature], values: FloatArray) -> FloatArray:
    """Platform's median of each adjusted feature (features,); 0 for the others, and where none is known."""
    taken_off = np.zeros(len(features))
    for place, one in enumerate(features):
        known = values[:, place][~np.isnan(values[:, place])] if one.adjusted else np.empty(0)
        if len(known):
            taken_off[place] = np.median(known)
    return taken_off


def log_ratio(part: FloatArray, whole: FloatArray, least: float) -> FloatArray:
    """Log of a quotient of daily means, drawn towards 0 by `least` so that nothing sold is no infinity."""
    ratio: FloatArray = np.log((part + least) / (whole + least))
    return ratio
