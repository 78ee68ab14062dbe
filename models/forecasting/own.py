"""What sets a merchant apart from its category: its own weekdays and its own answer to promotions.

Both are ratios of what it sold to what the pooled factors promised over its newest weeks, shrunk by how much those
weeks can say. A merchant without history keeps its category's profile.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.panel import Flags, Floats, Ints
from models.forecasting.policy import FactorPolicy
from models.forecasting.shrinkage import shrink_weight

WEEKS_AROUND = 2  # weeks on either side whose mean is a week's level


class OwnFactors(NamedTuple):
    """Factors (not logs) on top of the pooled ones: by weekday (merchants, 7), on promotion (merchants,).

    `promotion_says` (merchants,) is how much a day on promotion says of the level, 0 to 1, beside an ordinary day: the
    lift of a promotion is unsure, and all of its days share the same error.
    """

    weekday: Floats
    promotion: Floats
    promotion_says: Floats

    def apply(self, factors: Floats, weekday: Ints, promotion: Flags) -> Floats:
        """Multiply pooled factors (merchants, days) by the merchants' own."""
        result: Floats = factors * self.weekday[:, weekday]
        return np.where(promotion, result * self.promotion[:, None], result)


def own_factors(
    values: Floats,
    factors: Floats,
    weekday: Ints,
    promotion: Flags,
    unit: Floats,
    dispersion: float,
    policy: FactorPolicy,
) -> OwnFactors:
    """Estimate own factors from the newest `weekday_own_weeks` weeks before the end of the arrays.

    Parameters
    ----------
    values, factors : arrays (merchants, days)
        NaN = not known; pooled factors.
    weekday : array (days,)
    promotion : array of bool (merchants, days)
    unit : array (merchants,)
        Size of one count in the measure's unit (1 for orders, about an order's value for gmv).
    dispersion : float
        Squared coefficient of variation of a day beyond counting noise.
    """
    weeks = min(policy.weekday_own_weeks, values.shape[1] // 7)
    merchants = values.shape[0]
    if weeks < 2:
        nothing = np.zeros(merchants)
        says = _promotion_says(nothing, nothing + dispersion, policy)
        return OwnFactors(np.ones((merchants, 7)), np.ones(merchants), says)
    newest = slice(values.shape[1] - 7 * weeks, values.shape[1])
    shape = (merchants, weeks, 7)
    known = np.isfinite(values[:, newest]).reshape(shape)
    sold = np.nan_to_num(values[:, newest]).reshape(shape)
    promised = np.where(known, factors[:, newest].reshape(shape), 0.0)
    base = promised * _weekly_level(sold, promised)[:, :, None]
    by_place = shrunk_ratio(
        sold.sum(axis=1), base.sum(axis=1), known.sum(axis=1), unit, dispersion, policy.weekday_own_sd
    )
    log_weekday = np.empty_like(by_place)
    log_weekday[:, weekday[newest][:7]] = by_place
    base = base * np.exp(by_place)[:, None, :]
    on = promotion[:, newest].reshape(shape)
    log_promotion = _own_promotion(sold, base, known, on, unit, dispersion, policy)
    of_a_day = _variance_of_a_day(base, known, unit, dispersion)
    says = _promotion_says((known & on).sum(axis=(1, 2)), of_a_day, policy)
    return OwnFactors(np.exp(log_weekday), np.exp(log_promotion), says)


def _weekly_level(sold: Floats, promised: Floats) -> Floats:
    """Level of each week (merchants, weeks) from the weeks around it."""
    weeks = sold.shape[1]
    near = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks))) <= WEEKS_AROUND
    total, base = sold.sum(axis=2) @ near, promised.sum(axis=2) @ near
    return np.where(base > 0, total / np.where(base > 0, base, 1.0), 0.0)


def shrunk_ratio(sold: Floats, base: Floats, count: Floats, unit: Floats, dispersion: float, sd: float) -> Floats:
    """Shrunk log ratio; sampling variance of a mean of `count` days is (unit / mean + dispersion) / count."""
    size = unit.reshape(-1, *([1] * (sold.ndim - 1)))
    days = np.maximum(count, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (size / (base / days) + dispersion) / days
        estimate = np.log((sold + 0.5 * size) / (base + 0.5 * size))
    weight = shrink_weight(np.nan_to_num(variance, nan=np.inf), sd)
    return np.where((count > 0) & (base > 0), weight * np.nan_to_num(estimate), 0.0)


def _own_promotion(
    sold: Floats, base: Floats, known: Flags, on: Flags, unit: Floats, dispersion: float, policy: FactorPolicy
) -> Floats:
    sides = []
    for days in (known & on, known & ~on):
        sums = [np.where(days, part, 0.0).sum(axis=(1, 2)) for part in (sold, base)]
        sides.append((*sums, days.sum(axis=(1, 2))))
    (sold_on, base_on, days_on), (sold_off, base_off, days_off) = sides
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = np.where(base_off > 0, sold_off / base_off, 1.0)
    estimate = shrunk_ratio(sold_on, base_on * usual, days_on, unit, dispersion, policy.promotion_own_sd)
    return np.where((days_off > 0) & (usual > 0), estimate, 0.0)


def _variance_of_a_day(base: Floats, known: Flags, unit: Floats, dispersion: float) -> Floats:
    """Sampling variance (log units) of one ordinary day of each merchant."""
    count = np.maximum(known.sum(axis=(1, 2)), 1)
    mean = np.maximum(base.sum(axis=(1, 2)) / count, 1e-9)
    result: Floats = unit / mean + dispersion
    return result


def _promotion_says(days_seen: Floats, of_a_day: Floats, policy: FactorPolicy) -> Floats:
    """Weight of a day on promotion in the level.

    After n such days the lift is known to within s^2 = 1 / (1 / sd^2 + n / v), v the variance of a day. A run of r days
    shares that error, so that one of its days has the variance v + r s^2 where an ordinary one has v.
    """
    unsure = 1.0 / (1.0 / policy.promotion_lift_sd**2 + days_seen / of_a_day)
    result: Floats = of_a_day / (of_a_day + policy.promotion_run_days * unsure)
    return result
