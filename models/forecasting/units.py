"""The size of one count in a measure's unit: 1 for orders, about the value of an order for money.

A merchant's own value per order is used where it has sold, the platform's where it has not; the platform's is summed
over all blocks, so that it does not depend on how merchants are cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.panel import Floats, Panel

COUNTS = ("orders", "units", "visitors")
COUNTED_IN = ("orders", "units")  # what money is counted in, the best one first
WITHOUT_COUNTS = 0.1  # share of a day's money that one count is taken to be where no count is delivered


@dataclass
class UnitSums:
    """Money and counts of all merchants."""

    money: float = 0.0
    count: float = 0.0

    def add(self, other: UnitSums) -> None:
        """Add the sums of another block."""
        self.money += other.money
        self.count += other.count

    @property
    def value(self) -> float:
        """Money per count; 1 where nothing was sold."""
        return self.money / self.count if self.money > 0 and self.count > 0 else 1.0


def block_units(panel: Panel, measure: str) -> UnitSums:
    """Sum a block of merchants."""
    if measure in COUNTS:
        return UnitSums(1.0, 1.0)
    money, counts = panel.values[measure], _counts(panel)
    both = np.isfinite(money) & (np.isfinite(counts) if counts is not None else money > 0)
    total = float(np.where(both, money, 0.0).sum())
    if counts is None:
        return UnitSums(WITHOUT_COUNTS * total, float(both.sum()))
    return UnitSums(total, float(np.where(both, counts, 0.0).sum()))


def merchant_units(panel: Panel, measure: str, start: int, known: int, platform: float, value_spread: float) -> Floats:
    """Size of one count of each merchant (merchants,).

    Parameters
    ----------
    start, known : int
        Columns that are looked at.
    platform : float
        Value of a count on the whole platform.
    value_spread : float
        Mean of squared values over the square of their mean; only money has it.
    """
    money = panel.values[measure][:, start:known]
    counts = _counts(panel)
    if measure in COUNTS:
        return np.ones(money.shape[0])
    if counts is None:
        return np.full(money.shape[0], platform * value_spread)
    return count_unit(money, counts[:, start:known], platform) * value_spread


def count_unit(money: Floats, counts: Floats, platform: float) -> Floats:
    """Value per count of each merchant over the days with both; the platform's where it has none."""
    both = np.isfinite(money) & np.isfinite(counts)
    total = np.where(both, money, 0.0).sum(axis=1)
    count = np.where(both, counts, 0.0).sum(axis=1)
    sold = (count > 0) & (total > 0)
    return np.where(sold, total / np.where(sold, count, 1.0), platform)


def _counts(panel: Panel) -> Floats | None:
    return next((panel.values[name] for name in COUNTED_IN if name in panel.values), None)
