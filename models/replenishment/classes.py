"""ABC by value and XYZ by variability: how much it matters that a product is there, and how steady it sells.

The idea: classes are made within each merchant, because a small shop's best seller matters as much to that shop as a
big one's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.replenishment.policy import Classes, ReplenishmentPolicy

Floats = NDArray[np.float64]
VALUE_CLASSES = np.array(["A", "B", "C"])
VARIABILITIES = np.array(["X", "Y", "Z"])


def share_before(group: NDArray[np.int64], value: Floats) -> Floats:
    """Share of the group's value that is made by larger members.

    Parameters
    ----------
    group : (n,) int array
        Group of each row, from 0.
    value : (n,) array
        Value, >= 0; NaN counts as nothing.

    Returns
    -------
    (n,) array in [0, 1]; 1 where the whole group has no value.
    """
    known = np.nan_to_num(value, nan=0.0)
    order = np.lexsort((-known, group))
    sorted_value, sorted_group = known[order], group[order]
    running = np.cumsum(sorted_value) - sorted_value
    starts = np.r_[True, sorted_group[1:] != sorted_group[:-1]] if len(order) else np.zeros(0, bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    total = np.bincount(group, weights=known)[sorted_group] if len(order) else np.zeros(0)
    share = np.ones(len(order))
    np.divide(running - running[first], total, out=share, where=total > 0)
    result = np.empty(len(order))
    result[order] = np.clip(share, 0.0, 1.0)
    return result


def value_class(group: NDArray[np.int64], value: Floats, borders: Classes) -> NDArray[np.str_]:
    """A, B or C within each group; a group without any value is all C."""
    before = share_before(group, value)
    return VALUE_CLASSES[(before >= borders.value_a).astype(int) + (before >= borders.value_b)]


def variability(weekly_cv: Floats, borders: Classes) -> NDArray[np.str_]:
    """X, Y or Z by the coefficient of variation of weekly demand; unknown is Z, the careful choice."""
    cv = np.nan_to_num(weekly_cv, nan=np.inf)
    return VARIABILITIES[(cv > borders.variability_x).astype(int) + (cv > borders.variability_y)]


def service_level(values: NDArray[np.str_], steadiness: NDArray[np.str_], policy: ReplenishmentPolicy) -> Floats:
    """Service level of each product by its two classes."""
    table = np.array([[policy.service_levels[v][s] for s in ("X", "Y", "Z")] for v in ("A", "B", "C")])
    return table[np.searchsorted(VALUE_CLASSES, values), np.searchsorted(VARIABILITIES, steadiness)]
