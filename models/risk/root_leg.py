"""Where trouble began: of the legs upstream that moved too, the one that moved first.

The business is a chain (stock, sales, dispatch, service, reviews), so trouble shows on several legs with lags. A leg's
root is the furthest leg upstream that stands out by itself and did not begin to move after it. Two alerts of one
trouble would send two people to work on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from models.risk.settings import RootSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def steps_upstream(legs: Sequence[str], chain: Mapping[str, Sequence[str]]) -> IntArray:
    """Steps from each leg (rows) up to each other leg (columns) along the chain, -1 where it is not upstream.

    Parameters
    ----------
    chain : mapping of leg to legs
        The legs on which trouble of a leg shows next.

    Raises
    ------
    ValueError
        When a leg is its own cause.
    """
    place = {leg: number for number, leg in enumerate(legs)}
    steps = np.full((len(legs), len(legs)), -1, dtype=np.int64)
    np.fill_diagonal(steps, 0)
    for _ in legs:
        for cause, shown_on in chain.items():
            for leg in shown_on:
                above = np.where(steps[place[cause]] >= 0, steps[place[cause]] + 1, -1)
                steps[place[leg]] = np.maximum(steps[place[leg]], above)
    if (np.diagonal(steps) > 0).any():
        raise ValueError(f"root.chain goes in a circle at {legs[int(np.diagonal(steps).argmax())]!r}")
    return steps


def root_legs(
    p_value: FloatArray, changed: IntArray, red_days: IntArray, steps: IntArray, settings: RootSettings
) -> IntArray:
    """Number of the root leg of every merchant and leg.

    Parameters
    ----------
    p_value : array (merchants, legs)
        Evidence of the leg; NaN where it has none.
    changed : array (merchants, legs)
        Days ago on which the leg began to move, -1 where nothing stands out.
    red_days : array (merchants, legs)
        Days for which the leg's light has been red, 0 for one that turned today, -1 where it is not red. A state such
        as an empty shelf has no p-value, and moves when it turns red.
    steps : array (legs, legs)
        Of `steps_upstream`.

    Returns
    -------
    array (merchants, legs) of int
        The leg itself where nothing upstream stands out.
    """
    began = _began(p_value, changed, red_days, settings)
    root = np.tile(np.arange(p_value.shape[1]), (len(p_value), 1))
    for leg in range(p_value.shape[1]):
        furthest = np.zeros(len(p_value), dtype=np.int64)
        for cause in np.argsort(steps[leg], kind="stable"):
            if steps[leg, cause] > 0:
                first = (began[:, cause] >= 0) & (began[:, cause] >= began[:, leg] - settings.tolerance_days)
                better = first & (steps[leg, cause] > furthest)
                root[better, leg], furthest[better] = cause, steps[leg, cause]
    return root


def _began(p_value: FloatArray, changed: IntArray, red_days: IntArray, settings: RootSettings) -> IntArray:
    """Days ago on which each leg began to stand out, -1 where it does not."""
    moved = np.where((np.nan_to_num(p_value, nan=1.0) <= settings.p_value) & (changed >= 0), changed, -1)
    turned = np.where((red_days >= 0) & (red_days <= settings.red_days_at_most), red_days, -1)
    return np.maximum(moved, turned).astype(np.int64)
