"""Which past days the backtest stands on: weekly origins, and the days on which pooled factors are fitted again.

`known` is a number of columns: an origin with `known` = n has seen columns 0 to n - 1 and forecasts n and later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.policy import ForecastPolicy

WEEK = 7
SUM_DAYS = (7, 14, 28)  # sums that are forecast with quantiles of their own


@dataclass(frozen=True)
class Origins:
    """Origins of a backtest that ends at `history`.

    Parameters
    ----------
    history : int
        Number of known columns.
    known : tuple of int
        Origins, newest first, each a week before the one before it.
    refits : tuple of int
        Days (as number of known columns) whose pooled factors exist, newest (`history`) first.
    """

    history: int
    known: tuple[int, ...]
    refits: tuple[int, ...]

    def refit_for(self, known: int) -> int:
        """Newest refit that saw nothing beyond `known` columns; the oldest one where none is old enough."""
        return next((refit for refit in self.refits if refit <= known), self.refits[-1])

    def served_by(self, refit: int) -> tuple[int, ...]:
        """Origins whose pooled factors are those of a refit, newest first."""
        return tuple(known for known in self.known if self.refit_for(known) == refit)

    def usable(self, known: int, policy: ForecastPolicy) -> np.ndarray:
        """Which errors (origins, horizon groups) had been seen by an origin: their last target day was known."""
        last = np.array([*policy.calibration.horizons, *SUM_DAYS])
        result: np.ndarray = np.array(self.known, dtype=np.int64)[:, None] + last[None, :] <= known
        return result


def rolling_origins(history: int, policy: ForecastPolicy) -> Origins:
    """Weekly origins before the end of the history, as many as policy asks and history allows."""
    least = policy.history.least_days
    known = [history - WEEK * back for back in range(1, policy.calibration.origins + 1)]
    known = [count for count in known if count >= least]
    oldest = known[-1] if known else history
    refits = [history]
    while refits[-1] > oldest:
        refits.append(max(refits[-1] - policy.calibration.refit_days, least))
    return Origins(history, tuple(known), tuple(refits))
