"""Which past days the backtest stands on: weekly origins, and the days on which pooled factors are fitted again.

Besides the newest weeks there are some of last year's same season: what Easter or the weeks before Christmas do to a
forecast, no newer week can say.

`known` is a number of columns: an origin with `known` = n has seen columns 0 to n - 1 and forecasts n and later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.forecasting.policy import ForecastPolicy

WEEK = 7
YEAR = 364  # days of 52 weeks, so that weekdays stay
SUM_DAYS = (7, 14, 28)  # sums that are forecast with quantiles of their own


@dataclass(frozen=True)
class Origins:
    """Origins of a backtest that ends at `history`.

    Parameters
    ----------
    history : int
        Number of known columns.
    known : tuple of int
        Origins, newest first, each a week before the one before it; then those of last year's season.
    refits : tuple of int
        Days (as number of known columns) whose pooled factors exist, newest (`history`) first.
    last_year : tuple of int
        Origins of last year's season, the last ones of `known`.
    """

    history: int
    known: tuple[int, ...]
    refits: tuple[int, ...]
    last_year: tuple[int, ...] = ()

    @property
    def recent(self) -> tuple[int, ...]:
        """Origins of the newest weeks, newest first."""
        return self.known[: len(self.known) - len(self.last_year)]

    def age(self, known: int) -> np.ndarray:
        """Days (origins,) from each origin to an origin, for last year's season the distance of the seasons."""
        age: np.ndarray = known - np.array(self.known, dtype=np.int64)
        season = np.arange(len(age)) >= len(self.recent)
        return np.where(season, np.abs(age - YEAR), age)

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
    asked, least = policy.calibration, policy.history.least_days
    recent = [history - WEEK * back for back in range(1, asked.origins + 1)]
    recent = [known for known in recent if known >= least]
    around = range(asked.season_weeks, -asked.season_weeks - 1, -1)
    season = [history - YEAR + WEEK * weeks for weeks in around]
    season = [known for known in season if known >= asked.season_least_days and known < min(recent, default=history)]
    origins = (*recent, *season)
    refits = [history]
    while origins and refits[-1] > origins[-1]:
        refits.append(max(refits[-1] - asked.refit_days, least))
    whole = Origins(history, origins, tuple(refits), tuple(season))
    # Between the newest weeks and last year's lie refits that no origin asks for.
    serve = [refit for refit in refits if refit == history or whole.served_by(refit)]
    return replace(whole, refits=tuple(serve))
