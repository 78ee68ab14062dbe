"""Sums of all merchants by scope, planned state and day: all that pooled factors need to know.

Factors are shared by every merchant of a scope, so the merchants can be summed before anything is fitted: blocks are
streamed, their sums added, and the fit afterwards costs the same for ten merchants or a million. The answer therefore
does not depend on how merchants are cut into blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.level import centred_level
from models.forecasting.panel import STATES, Flags, Floats

LEAST_SPREAD = 0.1  # a merchant's daily spread is taken as at least this share of its mean when it is weighed


@dataclass
class DayCells:
    """Weighted sums of what was sold and of what the merchants' levels promised.

    Parameters
    ----------
    sold, promised : arrays (scopes, states, days)
        Weighted by each merchant's mean over variance, so that `promised` is also the information (inverse variance of
        a log factor) that the cell holds.
    grown : array (2, days)
        Weighted sum of the levels of a day, and of the same merchants' levels of the day before it.
    """

    sold: Floats
    promised: Floats
    grown: Floats

    @classmethod
    def empty(cls, scopes: int, days: int) -> DayCells:
        """Cells before the first block."""
        return cls(np.zeros((scopes, STATES, days)), np.zeros((scopes, STATES, days)), np.zeros((2, days)))

    def add(self, other: DayCells) -> None:
        """Add the sums of another block."""
        self.sold += other.sold
        self.promised += other.promised
        self.grown += other.grown


def block_cells(
    values: Floats,
    factors: Floats,
    ordinary: Flags,
    scope: np.ndarray,
    state: np.ndarray,
    scopes: int,
    window: int,
) -> DayCells:
    """Sum a block of merchants.

    Parameters
    ----------
    values : array (merchants, days)
        NaN = not known.
    factors : array (merchants, days)
        Factors known so far (ones in the first pass).
    ordinary : array of bool (merchants, days)
        Days that speak for the level: in the first pass those without event or plan, later all.
    scope, state : arrays (merchants,) and (merchants, days)
    scopes : int
        Number of scopes.
    window : int
        Days of the centred level.
    """
    days = values.shape[1]
    level = centred_level(values, factors, ordinary, window)
    weight = merchant_weight(values, level * factors, ordinary)[:, None]
    known = np.isfinite(values) & np.isfinite(level)
    cell = ((scope[:, None].astype(np.int64) * STATES + state) * days + np.arange(days))[known]
    size, shape = scopes * STATES * days, (scopes, STATES, days)
    weighted = np.broadcast_to(weight, known.shape)[known]
    sold = np.bincount(cell, weighted * values[known], size).reshape(shape).astype(np.float64)
    promised = np.bincount(cell, weighted * level[known], size).reshape(shape).astype(np.float64)
    return DayCells(sold, promised, _grown(weight * level))


def _grown(level: Floats) -> Floats:
    """Levels summed over the merchants that have one on a day and on the day before it."""
    both = np.isfinite(level[:, 1:]) & np.isfinite(level[:, :-1])
    grown = np.zeros((2, level.shape[1]))
    grown[0, 1:] = np.where(both, level[:, 1:], 0.0).sum(axis=0)
    grown[1, 1:] = np.where(both, level[:, :-1], 0.0).sum(axis=0)
    return grown


def merchant_weight(values: Floats, expected: Floats, ordinary: Flags) -> Floats:
    """Mean over variance of each merchant's ordinary days, the best weight for a ratio of sums; 0 = says nothing."""
    use = ordinary & np.isfinite(values) & np.isfinite(expected)
    count = np.maximum(use.sum(axis=1), 1)
    mean = np.where(use, values, 0.0).sum(axis=1) / count
    variance = np.where(use, (values - expected) ** 2, 0.0).sum(axis=1) / count
    floor = np.maximum((LEAST_SPREAD * mean) ** 2, 1e-12)
    return np.where(mean > 0, mean / np.maximum(variance, floor), 0.0)
