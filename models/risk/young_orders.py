"""Bad news of young orders: what is known of an order a week after it, held against what was known at the same age.

A rate of refunds waits until its orders are old enough to tell, a fortnight or a month. But trouble with an order shows
on its first days as well, only in fewer cases, and how many a shop's orders usually show at that age its own past says.
The one idea: every order counts at a fixed age with what had been delivered of it by then, so that today's young orders
and those of the past are known equally well, and nothing has to mature first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from models.metrics.windows import known_together, rolling_sum
from models.metrics.words import Frozen
from models.risk.few_events import count_deviates

FloatArray = npt.NDArray[np.float64]
Counts = npt.NDArray[np.floating]  # single precision holds whole numbers up to 16 million
IntArray = npt.NDArray[np.int64]

YOUNG_ORDERS = "young_orders"  # the detector's name among those over several days


class YoungEvents(Frozen):
    """Feed whose rows are delivered again as orders grow older, the bad events in them, and the orders."""

    feed: str
    bad: str
    of: str


class Age(Frozen):
    """Orders that are counted with what was known of them at an age."""

    age: int = Field(ge=0, description="Days after the order; its day is judged no earlier")
    days: int = Field(ge=1, description="Days of orders, the youngest of this age")


class YoungOrdersSettings(Frozen):
    """Which events are looked at, of which ages, against which past."""

    metrics: dict[str, YoungEvents] = Field(default_factory=dict, description="By metric")
    ages: tuple[Age, ...] = Field(default=(Age(age=7, days=7), Age(age=14, days=7)), min_length=1)
    baseline_days: int = Field(default=56, ge=14)
    apart_days: int = Field(default=21, ge=1, description="Age of the youngest orders of the baseline")
    prior_orders: float = Field(default=300.0, gt=0, description="Orders that the peers' rate counts for")
    least_peers: int = Field(default=30, ge=5, description="Smaller groups are held against everybody")
    least_expected: float = Field(default=0.15, gt=0, description="No score where fewer events are expected")

    @field_validator("ages")
    @classmethod
    def _each_once(cls, ages: tuple[Age, ...]) -> tuple[Age, ...]:
        if len({one.age for one in ages}) < len(ages):
            raise ValueError("ages: each age may stand once")
        return ages

    @property
    def look_back_days(self) -> int:
        """Days before a day judged that its score looks back on."""
        return max(self.apart_days + self.baseline_days, *(one.age + one.days for one in self.ages))


class Known(NamedTuple):
    """Bad events and orders (merchants, days) by day of the order, as known at an age; NaN where nothing was."""

    bad: Counts
    orders: Counts


def young_scores(
    known: Sequence[Known], groups: IntArray, settings: YoungOrdersSettings, scored_days: int
) -> FloatArray:
    """How many more bad events young orders show than those of the past did at the same age.

    Parameters
    ----------
    known : sequence of Known
        One per entry of `settings.ages`; the last day is today.
    groups : array (merchants,)
        Number of each merchant's peers, whose rate a small shop is drawn to.
    scored_days : int
        Newest days that are scored.

    Returns
    -------
    array (merchants, scored_days)
        Normal deviates of the negative binomial mid-p that the shop's own past predicts; NaN where too few events are
        expected to tell.
    """
    shape = known[0].bad.shape[0], min(scored_days, known[0].bad.shape[1])
    came, expected, gathered = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    ends = slice(known[0].bad.shape[1] - shape[1], known[0].bad.shape[1])
    for age, of_known in zip(settings.ages, known, strict=True):
        bad, orders = known_together(*(np.asarray(part, dtype=np.float64) for part in of_known))
        past_bad, past_orders = (
            rolling_sum(part, settings.baseline_days, ends, settings.apart_days) for part in (bad, orders)
        )
        weight = settings.prior_orders
        past_bad = past_bad + weight * _usual_rate(past_bad, past_orders, groups, settings.least_peers)
        of_age = rolling_sum(orders, age.days, ends, age.age) * past_bad / (past_orders + weight)
        came += rolling_sum(bad, age.days, ends, age.age)
        expected += of_age
        gathered += of_age * past_bad
    with np.errstate(divide="ignore", invalid="ignore"):
        # Ages are not told apart any more: together they are as surely known as each, weighed by what it expects.
        return np.where(
            expected >= settings.least_expected, count_deviates(came, expected, gathered / expected), np.nan
        )


def _usual_rate(bad: FloatArray, orders: FloatArray, groups: IntArray, least_peers: int) -> FloatArray:
    """Bad events per order of each merchant's group by day; small groups have everybody's."""
    sizes = np.bincount(groups)
    member = np.eye(len(sizes))[:, groups]
    of_groups = member @ bad / np.maximum(member @ orders, 1.0)
    of_all = bad.sum(axis=0) / np.maximum(orders.sum(axis=0), 1.0)
    usual: FloatArray = np.where((sizes < least_peers)[:, None], of_all, of_groups)[groups]
    return usual
