"""What may come: volume collapse, dormancy, a fall of the rating. Who can be judged, what happened, who looks well.

The idea: an outcome answers three questions about a day and a horizon, and knows nothing of models. Whoever cannot be
judged is told why.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from models.risk.outlook.history import UNITS, BoolArray, FloatArray, History
from models.risk.outlook.settings import OutlookSettings

COLLAPSE, DORMANCY, RATING_FALL, BREACH = "volume_collapse", "dormancy", "rating_fall", "limit_breach"

# Why there is no probability.
SHORT_HISTORY, FEW_EVENTS = "short_history", "few_events"
TOO_NEW, TOO_SMALL, NO_SALES, FEW_REVIEWS, FEW_ORDERS, ALREADY = (
    "too_new", "too_small", "no_sales", "few_reviews", "few_orders", "already"
)  # fmt: skip
NOTES = (SHORT_HISTORY, FEW_EVENTS, TOO_NEW, TOO_SMALL, NO_SALES, FEW_REVIEWS, FEW_ORDERS, ALREADY)

RECENT_REVIEWS_DAYS = 14


class Standing(NamedTuple):
    """Who can be judged on a day, who of them still looks well, and why the others cannot; arrays (merchants,)."""

    eligible: BoolArray
    healthy: BoolArray
    note: npt.NDArray[np.object_]


class Outcome(Protocol):
    """An outcome of merchants."""

    @property
    def name(self) -> str:
        """Name in the tables."""

    def middle(self, history: History, at: int) -> float:
        """What the platform's median merchant shows on a day, by which standing is adjusted."""

    def standing(self, history: History, at: int, middle: float) -> Standing:
        """Who can be judged on column `at`."""

    def happened(self, history: History, at: int, horizon: int, eligible: BoolArray) -> npt.NDArray[np.float64]:
        """1 where it happened within the horizon, 0 where not, NaN where that cannot be said."""


def notes(*reasons: tuple[str, BoolArray]) -> npt.NDArray[np.object_]:
    """First reason that holds for each merchant, empty where none does."""
    return np.select([holds for _, holds in reasons], [name for name, _ in reasons], default="").astype(object)


class _OfSales:
    """What outcomes of sales have in common."""

    def __init__(self, settings: OutlookSettings) -> None:
        self.settings = settings

    def _too_new(self, history: History, at: int) -> BoolArray:
        """Whether the first sale is too recent; one that the panel's start cuts off is old enough."""
        age = self.settings.least_age_days
        before = history.total(UNITS, at - age, at + 1)
        return np.asarray(before <= 0) if at - age >= 0 else np.ones(len(history.ids), dtype=bool)

    def _trailing(self, history: History, at: int) -> FloatArray:
        days = self.settings.trailing_days
        return history.total(UNITS, at, days) / days


class VolumeCollapse(_OfSales):
    """Mean units of the horizon over the trailing mean, over the median of that quotient, is under a half."""

    name = COLLAPSE

    def middle(self, history: History, at: int) -> float:
        """Median of the recent over the trailing mean, among merchants that can be judged."""
        return _middle(self._recent(history, at), self._eligible(history, at))

    def standing(self, history: History, at: int, middle: float) -> Standing:
        """Merchants of some age and size; well: the recent week has not fallen, and there was a sale today."""
        eligible = self._eligible(history, at)
        with np.errstate(invalid="ignore"):
            steady = self._recent(history, at) / middle >= self.settings.healthy_ratio
        healthy = eligible & steady & (history.total(UNITS, at, 1) > 0)
        return Standing(eligible, healthy, notes((TOO_NEW, self._too_new(history, at)), (TOO_SMALL, ~eligible)))

    def happened(self, history: History, at: int, horizon: int, eligible: BoolArray) -> FloatArray:
        """Whether the quotient, adjusted by its median among the eligible, fell below the limit."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = history.ahead(UNITS, at, horizon) / horizon / self._trailing(history, at)
            collapsed = ratio / _middle(ratio, eligible) < self.settings.collapse_below
        return np.where(eligible, collapsed, np.nan)

    def _eligible(self, history: History, at: int) -> BoolArray:
        return ~self._too_new(history, at) & (self._trailing(history, at) >= self.settings.least_mean)

    def _recent(self, history: History, at: int) -> FloatArray:
        days = self.settings.recent_days
        with np.errstate(divide="ignore", invalid="ignore"):
            return history.total(UNITS, at, days) / days / self._trailing(history, at)


class Dormancy(_OfSales):
    """Not one sale within the horizon, of a merchant that sold in the trailing days."""

    name = DORMANCY

    def middle(self, history: History, at: int) -> float:
        """Nothing is adjusted."""
        return 1.0

    def standing(self, history: History, at: int, middle: float) -> Standing:
        """Merchants of some age that still sell; well: sold within the last days."""
        new, selling = self._too_new(history, at), self._trailing(history, at) > 0
        recent = history.total(UNITS, at, self.settings.dormancy.healthy_days) > 0
        return Standing(~new & selling, ~new & selling & recent, notes((TOO_NEW, new), (NO_SALES, ~selling)))

    def happened(self, history: History, at: int, horizon: int, eligible: BoolArray) -> FloatArray:
        """Whether nothing was sold."""
        return np.where(eligible, history.ahead(UNITS, at, horizon) <= 0, np.nan)


class RatingFall:
    """Mean of the horizon's reviews well below that of the weeks before."""

    name = RATING_FALL

    def __init__(self, settings: OutlookSettings) -> None:
        self.settings = settings.rating

    def middle(self, history: History, at: int) -> float:
        """Nothing is adjusted."""
        return 1.0

    def standing(self, history: History, at: int, middle: float) -> Standing:
        """Merchants with enough reviews; well: the last fortnight's are not worse already."""
        count = history.total("reviews_count", at, self.settings.days)
        eligible = count >= self.settings.least_before
        lately = history.total("reviews_count", at, RECENT_REVIEWS_DAYS)
        with np.errstate(divide="ignore", invalid="ignore"):
            stars = history.total("reviews_rating_sum", at, RECENT_REVIEWS_DAYS) / lately
            fallen = self._before(history, at) - stars >= self.settings.healthy_fall
        return Standing(eligible, eligible & ~fallen, notes((FEW_REVIEWS, ~eligible)))

    def happened(self, history: History, at: int, horizon: int, eligible: BoolArray) -> FloatArray:
        """Whether the mean fell; not known where hardly anybody wrote."""
        count = history.ahead("reviews_count", at, horizon)
        with np.errstate(divide="ignore", invalid="ignore"):
            ahead = history.ahead("reviews_rating_sum", at, horizon) / count
            fell = self._before(history, at) - ahead >= self.settings.fall
        return np.where(eligible & (count >= self.settings.least_ahead), fell, np.nan)

    def _before(self, history: History, at: int) -> FloatArray:
        count = history.total("reviews_count", at, self.settings.days)
        return history.total("reviews_rating_sum", at, self.settings.days) / count


def outcomes_of_merchants(settings: OutlookSettings) -> tuple[Outcome, ...]:
    """All outcomes but breaches, which are a rate's and not a merchant's."""
    return (VolumeCollapse(settings), Dormancy(settings), RatingFall(settings))


def _middle(ratio: FloatArray, eligible: BoolArray) -> float:
    middle = float(np.median(ratio[eligible])) if eligible.any() else 1.0
    return middle if middle > 0 else 1.0
