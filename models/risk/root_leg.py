"""Where trouble began: of the legs upstream that moved too, the one that moved first.

The business is a chain (stock, sales, dispatch, service, reviews), so trouble shows on several legs with lags. A leg's
root is the furthest leg upstream that stands out by itself and did not begin to move after it. Two alerts of one
trouble would send two people to work on it. What rose is no trouble, but may be where trouble began (`Rise`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.risk.settings import RootSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Rise(NamedTuple):
    """A metric that rose, as far as it may be a root.

    Parameters
    ----------
    root : int
        Number of the leg whose work the trouble is.
    shows_on : sequence of int
        Numbers of the legs on which such trouble shows.
    p_value, changed : array (merchants,)
        Evidence that it rose, NaN where there is none; days ago on which it began, -1 where nothing stands out.
    may_explain : array of bool (merchants, legs shown on)
        False where a leg moved by what such trouble never moves: a bot that fails did not begin with a run.
    """

    root: int
    shows_on: Sequence[int]
    p_value: FloatArray
    changed: IntArray
    may_explain: BoolArray


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
    p_value: FloatArray,
    changed: IntArray,
    red_days: IntArray,
    steps: IntArray,
    settings: RootSettings,
    rises: Sequence[Rise] = (),
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
    rises : sequence of Rise
        What rose; the first that stands out, and did not begin after the leg, is the root before any leg is.

    Returns
    -------
    array (merchants, legs) of int
        The leg itself where nothing upstream stands out.
    """
    moved = np.where((np.nan_to_num(p_value, nan=1.0) <= settings.p_value) & (changed >= 0), changed, -1)
    turned = np.where((red_days >= 0) & (red_days <= settings.red_days_at_most), red_days, -1)
    began = np.maximum(moved, turned)
    root = np.tile(np.arange(p_value.shape[1]), (len(p_value), 1))
    for leg in range(p_value.shape[1]):
        furthest = np.zeros(len(p_value), dtype=np.int64)
        near = (steps[leg] > 0) & (steps[leg] <= settings.state_steps)
        may = (moved >= 0) | _red_before(leg, p_value, began, turned, near, settings)
        for cause in np.argsort(steps[leg], kind="stable"):
            if steps[leg, cause] > 0:
                first = may[:, cause] & (began[:, cause] >= began[:, leg] - settings.tolerance_days)
                better = first & (steps[leg, cause] > furthest)
                root[better, leg], furthest[better] = cause, steps[leg, cause]
    for rise in reversed(rises):
        stands = (np.nan_to_num(rise.p_value, nan=1.0) <= settings.rise_p_value) & (rise.changed >= 0)
        for leg, may in zip(rise.shows_on, rise.may_explain.T, strict=True):
            root[stands & may & (rise.changed >= began[:, leg] - settings.tolerance_days), leg] = rise.root
    return root


def _red_before(
    leg: int, p_value: FloatArray, began: IntArray, turned: IntArray, near: BoolArray, settings: RootSettings
) -> BoolArray:
    """Where a red light alone makes a leg a root of another one (merchants, legs).

    A light that has been red for weeks and is no surprise explains a leg that is somewhat out; where the leg surely
    moved by itself, only a state explains it, and only one nearby (`near`, by leg) that turned red shortly before.
    """
    sure = np.nan_to_num(p_value[:, leg], nan=1.0) <= settings.sure_p_value
    shortly = turned <= np.maximum(began[:, leg], 0)[:, None] + settings.state_days
    explains: BoolArray = (turned >= 0) & (~sure[:, None] | (np.isnan(p_value) & shortly & near))
    return explains
