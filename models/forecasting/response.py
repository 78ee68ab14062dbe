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

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.forecasting.cells import merchant_weight
from models.forecasting.level import centred_level
from models.forecasting.panel import Floats, Panel
from models.forecasting.policy import FactorPolicy, ForecastPolicy
from models.forecasting.response_loops import add_own_terms

if TYPE_CHECKING:  # a response is part of the factors
    from models.forecasting.factors import DayFactors

STEP, SLOPE, BENT, PRICE = range(4)
TERMS = 4
BEND = 0.2  # depth from which a promotion may add less (or more) for each further step
PRICE_MOST = 0.7  # log units; half or twice the usual price, and beyond it a slip of the pen
SWEEPS, SWEEPS_LATER = 4, 2  # rounds of least squares; fewer where it starts from what an earlier day had learned
MOST = 1000  # merchants that are learned from
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
        of_scope = (self.shared - self.own) @ self.mean[start:stop].T
        result: Floats = of_scope[panel.scope]
        nothing = np.zeros((len(result), 0), np.float32)
        depth = nothing if panel.depth is None else panel.depth
        price = nothing if panel.price is None else panel.price
        first = range(panel.days)[start:].start
        scope = panel.scope.astype(np.int64)
        add_own_terms(depth, price, panel.promotion, scope, panel.tells_more, self.own, BEND, PRICE_MOST, first, result)
        return result


def planned_terms(panel: Panel, start: int, stop: int | None) -> dict[int, Floats]:
    """Terms of the response (merchants, days) by their place, as far as plans tell; 0 where they say on or off only."""
    terms: dict[int, Floats] = {}
    if panel.depth is not None:
        depth = panel.depth[:, start:stop].astype(np.float64)
        terms[SLOPE] = np.where((depth > 0) & (depth < 1), depth, 0.0)
        terms[STEP] = ((terms[SLOPE] > 0) & panel.promotion[:, start:stop]).astype(np.float64)
        terms[BENT] = np.maximum(terms[SLOPE] - BEND, 0.0)
    if panel.price is not None:
        price = panel.price[:, start:stop].astype(np.float64)
        terms[PRICE] = np.clip(np.nan_to_num(price), -PRICE_MOST, PRICE_MOST)
    return terms


def learn_response(
    panel: Panel,
    measure: str,
    factors: DayFactors,
    until: int,
    policy: ForecastPolicy,
    before: PlanResponse | None = None,
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
    before : PlanResponse, optional
        What an earlier day had learned, to start from.

    Returns
    -------
    PlanResponse, or None where plans say nothing beyond on and off
    """
    told = np.flatnonzero(panel.tells_more)
    if not len(told):
        return None
    told = told[:: -(-len(told) // MOST)]
    told = told[np.argsort(panel.scope[told], kind="stable")]
    blocks = [_Block.of(panel.rows(told[first : first + ROWS]), measure, factors, until, policy)
              for first in range(0, len(told), ROWS)]  # fmt: skip
    mean = sum(block.volume.sum() * block.mean for block in blocks) / max(sum(b.volume.sum() for b in blocks), TINY)
    scopes = len(factors.weekday)
    response = PlanResponse(np.zeros((scopes, TERMS)), np.zeros(TERMS), mean)
    if before is not None:
        response = PlanResponse(before.own, before.shared, mean)
    for _ in range(SWEEPS if before is None else SWEEPS_LATER):
        sums = _Sums.empty(scopes, until)
        for block in blocks:
            sums.add(block, response, policy)
        response = sums.improved(response, policy.factors)
    return response


@dataclass(frozen=True)
class _Block:
    """Some merchants in order of their scopes, and what of them is the same in every sweep.

    Parameters
    ----------
    panel : Panel
    values, base : arrays (merchants, days)
        What was sold, and pooled factors.
    terms : dict of place -> array (merchants, days)
        Terms about their mean in the window that a level is read from, as it takes up what its window has in common.
    mean : array (days of the panel, TERMS)
        Mean of the terms by volume.
    volume : array (merchants,)
    """

    panel: Panel
    values: Floats
    base: Floats
    terms: dict[int, Floats]
    mean: Floats
    volume: Floats

    @classmethod
    def of(cls, panel: Panel, measure: str, factors: DayFactors, until: int, policy: ForecastPolicy) -> _Block:
        values, window = panel.values[measure][:, :until], policy.level.window
        base, known = factors.of_merchants(panel.scope, panel.state, 0, until), np.isfinite(values)
        volume = np.where(known, values, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        mean, terms = np.zeros((panel.days, TERMS)), {}
        for place, term in planned_terms(panel, 0, None).items():
            mean[:, place] = volume @ term / max(volume.sum(), TINY)
            past = term[:, :until]
            terms[place] = past - centred_level(past * base, base, known, window)
        return cls(panel, values, base, terms, mean, volume)


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

    def add(self, block: _Block, response: PlanResponse, policy: ForecastPolicy) -> None:
        """Add a block of merchants, about what a response says of them."""
        values, scope = block.values, block.panel.scope
        base = block.base * np.exp(response.log_factor(block.panel, 0, values.shape[1]))
        known = np.isfinite(values)
        mean = centred_level(values, base, known, policy.level.window) * base
        use = known & (mean > 0)
        weight = merchant_weight(values, mean, use)[:, None]
        information = np.where(use, weight * np.where(use, mean, 0.0), 0.0)
        beyond = np.where(use, values / np.where(use, mean, 1.0) - 1.0, 0.0)
        terms = {place: np.where(use, term, 0.0) for place, term in block.terms.items()}
        starts = np.flatnonzero(np.diff(scope, prepend=-1))
        weighted = {place: information * term for place, term in terms.items()}
        for place, one in weighted.items():
            self.pull[scope[starts], place] += np.add.reduceat(np.einsum("md,md->m", one, beyond), starts)
            for other, term in terms.items():
                if other <= place:
                    total = np.add.reduceat(np.einsum("md,md->m", one, term), starts)
                    self.information[scope[starts], place, other] += total
                    self.information[scope[starts], other, place] += total * (other < place)
        weighted |= {TERMS: information, TERMS + 1: information * beyond}
        for place, one in weighted.items():
            self.days[scope[starts], :, place] += np.add.reduceat(one, starts, axis=0)

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
