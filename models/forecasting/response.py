"""How volume answers to what plans say beyond on and off: the depth of a promotion, and the price.

    log factor of a day = own x (terms - their mean over the platform on that day) + shared x that mean
    terms: a depth is known (0 or 1); depth; depth beyond BEND; log price

It stands beside the pooled lift of a promotion, which is that of promotions of every depth together; where plans say
only on or off, nothing is known beyond that lift and the factor is 1. Price counts as it lies about the usual one.
What a shop alone does and what all shops do on the same day are two questions: a discount takes customers from the
shops beside it, and what a day of discounts for everybody brings is in part the day's own. `own` is read from merchants
beside one another on the same days, `shared` from days beside one another, and days are few.

Both are weighted least squares on what merchants of the sample sold over their local level; `own` is shrunk to nothing
for the platform and to the platform for a category, `shared` to nothing. Source of the two: Mundlak (1978),
Econometrica 46, 69-85.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.forecasting.cells import merchant_weight
from models.forecasting.level import centred_level
from models.forecasting.panel import Floats, Ints, Panel
from models.forecasting.policy import FactorPolicy, ForecastPolicy

if TYPE_CHECKING:  # a response is part of the factors
    from models.forecasting.factors import DayFactors

STEP, SLOPE, BENT, PRICE = range(4)
TERMS = 4
BEND = 0.2  # depth from which a promotion may add less (or more) for each further step
PRICE_MOST = 0.7  # log units; half or twice the usual price, and beyond it a slip of the pen
SWEEPS = 4
TINY = 1e-12
ROWS = 500  # merchants whose terms are in memory at once
DAYS_OF_PRIOR = 14  # days that the stated spread of a day counts for, against what days were seen to differ by
LARGEST_STEP = 2.0  # of a coefficient in one sweep; guards the first one


@dataclass(frozen=True)
class PlanResponse:
    """Coefficients of the answer to depth and price (log units), in order of the terms.

    Parameters
    ----------
    own : array (scopes, TERMS)
        What a merchant's own plan does beside those of others.
    shared : array (TERMS,)
        What the mean of all plans of a day does.
    mean : array (days, TERMS)
        Mean of the terms over the platform by panel column, the horizon included.
    """

    own: Floats
    shared: Floats
    mean: Floats

    def log_factor(self, panel: Panel, start: int, stop: int | None) -> Floats:
        """Log factor of panel columns `start` to `stop` - 1 (merchants, days)."""
        own = self.own[panel.scope]
        result: Floats = np.zeros(panel.open[:, start:stop].shape)
        for place, term in enumerate(planned_terms(panel, start, stop)):
            result += own[:, place, None] * term
        common = (self.shared - own) @ self.mean[start:stop].T
        return np.where(panel.tells_more[:, None], result + common, 0.0)


def planned_terms(panel: Panel, start: int, stop: int | None) -> tuple[Floats, Floats, Floats, Floats]:
    """Terms of the response by merchant and day (merchants, days); 0 where a plan says nothing beyond on and off."""
    shape = panel.open[:, start:stop].shape
    depth = np.zeros(shape) if panel.depth is None else panel.depth[:, start:stop].astype(np.float64)
    depth = np.where((depth > 0) & (depth < 1), depth, 0.0)
    price = np.zeros(shape) if panel.price is None else panel.price[:, start:stop].astype(np.float64)
    step = ((depth > 0) & panel.promotion[:, start:stop]).astype(np.float64)
    return step, depth, np.maximum(depth - BEND, 0.0), np.clip(np.nan_to_num(price), -PRICE_MOST, PRICE_MOST)


def learn_response(
    panel: Panel, measure: str, factors: DayFactors, until: int, policy: ForecastPolicy
) -> PlanResponse | None:
    """Learn from a sample of merchants what depth and price do.

    Parameters
    ----------
    panel : Panel
        The sample.
    measure : str
    factors : DayFactors
        Pooled factors of nothing newer than `until`.
    until : int
        First panel column that must not be looked at.
    policy : ForecastPolicy

    Returns
    -------
    PlanResponse, or None where plans say nothing beyond on and off
    """
    if not panel.tells_more.any():
        return None
    taught = panel.rows(np.flatnonzero(panel.tells_more))
    scopes = len(factors.weekday)
    values = taught.values[measure][:, :until]
    volume = np.nan_to_num(values).sum(axis=1) / np.maximum(np.isfinite(values).sum(axis=1), 1)
    response = PlanResponse(np.zeros((scopes, TERMS)), np.zeros(TERMS), _mean_terms(taught, volume))
    for _ in range(SWEEPS):
        sums = _Sums.empty(scopes, until)
        for rows in _blocks(len(taught.merchants)):
            sums.add(taught.rows(rows), measure, factors, response, policy)
        response = sums.improved(response, policy.factors)
    return response


def _blocks(count: int) -> Iterator[Ints]:
    for first in range(0, count, ROWS):
        yield np.arange(first, min(first + ROWS, count))


def _mean_terms(panel: Panel, volume: Floats) -> Floats:
    """Mean of the terms by day (days, TERMS), a merchant counting by its volume."""
    total = np.zeros((panel.days, TERMS))
    for rows in _blocks(len(panel.merchants)):
        total += np.stack([volume[rows] @ term for term in planned_terms(panel.rows(rows), 0, None)], axis=1)
    return total / max(volume.sum(), TINY)


@dataclass(frozen=True)
class _Sums:
    """Weighted sums of the terms' products among themselves and with what was sold beyond what was said.

    Parameters
    ----------
    information : array (scopes, TERMS, TERMS)
    pull : array (scopes, TERMS)
    days : array (scopes, days, TERMS + 2)
        Sums over the merchants of a day: of each term, of ones, of what was sold beyond.
    """

    information: Floats
    pull: Floats
    days: Floats

    @classmethod
    def empty(cls, scopes: int, days: int) -> _Sums:
        return cls(np.zeros((scopes, TERMS, TERMS)), np.zeros((scopes, TERMS)), np.zeros((scopes, days, TERMS + 2)))

    def add(
        self, panel: Panel, measure: str, factors: DayFactors, response: PlanResponse, policy: ForecastPolicy
    ) -> None:
        """Add a block of merchants, about what a response says of them."""
        until, scope, window = self.days.shape[1], panel.scope, policy.level.window
        values = panel.values[measure][:, :until]
        base = factors.of_merchants(scope, panel.state, 0, until) * np.exp(response.log_factor(panel, 0, until))
        known = np.isfinite(values)
        mean = centred_level(values, base, known, window) * base
        use = known & (mean > 0)
        weight = merchant_weight(values, mean, use)[:, None]
        information = np.where(use, weight * np.where(use, mean, 0.0), 0.0)
        beyond = np.where(use, values / np.where(use, mean, 1.0) - 1.0, 0.0)
        # A level that is read from the same days takes up what its window has in common; only what is beside it counts.
        terms = [
            np.where(use, term - centred_level(term * base, base, known, window), 0.0)
            for term in planned_terms(panel, 0, until)
        ]
        weighted = [information * term for term in terms]
        for place, one in enumerate(weighted):
            np.add.at(self.pull[:, place], scope, (one * beyond).sum(axis=1))
            for other, term in enumerate(terms):
                np.add.at(self.information[:, place, other], scope, (one * term).sum(axis=1))
        for place, one in enumerate([*weighted, information, information * beyond]):
            np.add.at(self.days[:, :, place], scope, one)

    def improved(self, response: PlanResponse, policy: FactorPolicy) -> PlanResponse:
        """Go where the sums point to; they were taken about `response`, and say how far from there."""
        prior, prior_of_group = (np.diag(np.array(sd) ** -2.0) for sd in _spreads(policy))
        pull = self.pull + np.einsum("stu,su->st", self.information, response.own)
        days = self.days.copy()
        days[:, :, TERMS + 1] += np.einsum("sdt,st->sd", days[:, :, :TERMS], response.own)
        information, wanted = _within_days(self.information.sum(axis=0), pull.sum(axis=0), days.sum(axis=0))
        platform = np.linalg.solve(information + prior, wanted)
        information, wanted = _within_days(self.information, pull, days)
        own = np.linalg.solve(information + prior_of_group, (wanted + prior_of_group @ platform)[:, :, None])[:, :, 0]
        shared = _between_days(self.days.sum(axis=0), response.shared, policy)
        own = response.own + np.clip(own - response.own, -LARGEST_STEP, LARGEST_STEP)
        return PlanResponse(own, shared, response.mean)


def _spreads(policy: FactorPolicy) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Spread of each term for the platform about 0, and for a category about the platform."""
    depth, group = policy.depth_sd, policy.depth_group_sd
    return (
        (policy.promotion_sd, depth, depth, policy.price_sd),
        (policy.promotion_group_sd, group, group, policy.price_group_sd),
    )


def _within_days(information: Floats, pull: Floats, days: Floats) -> tuple[Floats, Floats]:
    """Take out what all merchants of a day have in common."""
    terms, size = days[..., :TERMS], days[..., TERMS]
    one_over = np.divide(1.0, size, out=np.zeros_like(size), where=size > 0)
    mean = np.swapaxes(terms * one_over[..., None], -1, -2)
    return information - mean @ terms, pull - (mean @ days[..., TERMS + 1, None])[..., 0]


def _between_days(days: Floats, shared: Floats, policy: FactorPolicy) -> Floats:
    """Coefficients of a day's means (TERMS,), from days as they differ from one another."""
    seen = days[days[:, TERMS] > 0]
    if not len(seen):
        return shared
    size = seen[:, TERMS, None]
    terms, beyond = seen[:, :TERMS] / size, seen[:, TERMS + 1] / size[:, 0]
    noise = (np.sum(beyond**2) + DAYS_OF_PRIOR * policy.day_sd**2) / (len(seen) + DAYS_OF_PRIOR)
    prior = np.diag((policy.plans_shared * np.array(_spreads(policy)[0])) ** -2.0)
    information = terms.T @ terms / noise
    found = np.linalg.solve(information + prior, terms.T @ beyond / noise + information @ shared)
    result: Floats = shared + np.clip(found - shared, -LARGEST_STEP, LARGEST_STEP)
    return result
