"""Where a newcomer probably stands: the level of the newcomers of its category before it.

Until a category has seen newcomers, a newcomer is taken to be at the lower quartile of the category's merchants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.panel import Floats

YOUNG_DAYS = 28  # days after a merchant's first number that count as its beginning
LOWER_QUARTILE = -0.6745  # of the standard normal; levels are about log-normal
NEWCOMERS_HALF = 5.0  # newcomers of a category that outweigh the guess from its other merchants


@dataclass
class PeerLevels:
    """Sums of log levels by scope: of all merchants (0) and of newcomers' first weeks (1).

    Parameters
    ----------
    count, total, squares : arrays (2, scopes)
    """

    count: Floats
    total: Floats
    squares: Floats

    @classmethod
    def empty(cls, scopes: int) -> PeerLevels:
        """Sums before the first block."""
        return cls(np.zeros((2, scopes)), np.zeros((2, scopes)), np.zeros((2, scopes)))

    def add(self, other: PeerLevels) -> None:
        """Add the sums of another block."""
        self.count += other.count
        self.total += other.total
        self.squares += other.squares

    def newcomer(self) -> Floats:
        """Level of a newcomer by scope (scopes,); NaN where nobody sells at all."""
        count = np.append(self.count[0], self.count[0].sum())
        total = np.append(self.total[0], self.total[0].sum())
        squares = np.append(self.squares[0], self.squares[0].sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total / count
            sd = np.sqrt(np.maximum(squares / count - mean**2, 0.0))
            low = mean + LOWER_QUARTILE * sd
            guess = np.where(count[:-1] > 0, low[:-1], low[-1])
            level = (self.total[1] + NEWCOMERS_HALF * guess) / (self.count[1] + NEWCOMERS_HALF)
        result: Floats = np.exp(level)
        return result


def block_peers(values: Floats, factors: Floats, scope: np.ndarray, scopes: int) -> PeerLevels:
    """Sum a block of merchants.

    Parameters
    ----------
    values, factors : arrays (merchants, days)
        NaN = not known; pooled factors of the days.
    scope : array of int (merchants,)
    """
    known = np.isfinite(values)
    first = np.where(known.any(axis=1), known.argmax(axis=1), values.shape[1])
    age = np.arange(values.shape[1]) - first[:, None]
    is_newcomer = (first > YOUNG_DAYS) & (first + YOUNG_DAYS <= values.shape[1])
    sums = PeerLevels.empty(scopes)
    for place, days in enumerate((known, known & (age < YOUNG_DAYS) & is_newcomer[:, None])):
        sold = np.where(days, values, 0.0).sum(axis=1)
        promised = np.where(days, factors, 0.0).sum(axis=1)
        has = sold > 0
        logs = np.log(sold[has] / promised[has])
        sums.count[place] = np.bincount(scope[has], minlength=scopes)
        sums.total[place] = np.bincount(scope[has], logs, scopes)
        sums.squares[place] = np.bincount(scope[has], logs**2, scopes)
    return sums
