"""Where a rate is going: the chance of a breach within two weeks, and the day on which the window crosses the limit.

The days ahead replace the oldest days of the window. They are taken to run at the recent rate (the last days of the
window, shrunk to the window's own rate), so that a drift shows before the window's average has followed it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from models.metrics.platform import PlatformRule
from models.metrics.rate import BetaPosterior, BetaPrior

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Gauss-Hermite nodes: the recent rate is integrated over as a logit-normal with the beta's own moments.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class WindowDays:
    """The window day by day, oldest first: bad events, all events, and what a platform counts, (merchants, days)."""

    bad: FloatArray
    total: FloatArray
    counted: FloatArray | None = None


def recent_posterior(days: WindowDays, whole: BetaPosterior, recent_days: int) -> BetaPosterior:
    """Posterior of the rate of the last days, shrunk to the window's.

    The window's posterior mean is believed as much as half of all it has seen: a drift needs evidence, yet less than
    a new merchant would.
    """
    bad = np.nansum(days.bad[:, -recent_days:], axis=1)
    total = np.nansum(days.total[:, -recent_days:], axis=1)
    strength = (whole.alpha + whole.beta - total) / 2
    strength = np.maximum(strength, 1.0)
    prior = BetaPrior(whole.mean, strength)
    return BetaPosterior(prior.mean * strength + bad, (1 - prior.mean) * strength + np.maximum(total - bad, 0))


def kept_and_new(days: WindowDays, ahead: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Bad and all events that stay in the window after `ahead` days, and the events that the new days will bring."""
    length = days.bad.shape[1]
    kept_bad = np.nansum(days.bad[:, min(ahead, length) :], axis=1)
    kept = np.nansum(days.total[:, min(ahead, length) :], axis=1)
    known = np.sum(~np.isnan(days.total), axis=1)
    pace = np.nansum(days.total, axis=1) / np.maximum(known, 1)
    return kept_bad, kept, np.round(pace * min(ahead, length))


def kept_count(days: WindowDays, ahead: int) -> FloatArray:
    """What the platform counts among the days that stay in the window; NaN where a day is not counted."""
    if days.counted is None:
        return np.full(days.bad.shape[0], np.nan)
    stay = slice(min(ahead, days.bad.shape[1]), None)
    missing = (np.isnan(days.counted) & ~np.isnan(days.bad))[:, stay].any(axis=1)
    return np.where(missing, np.nan, np.nansum(days.counted[:, stay], axis=1))


def breach_probability(days: WindowDays, recent: BetaPosterior, rule: PlatformRule, ahead: int) -> FloatArray:
    """Probability that the platform's rule is broken after `ahead` days."""
    kept_bad, kept, new = kept_and_new(days, ahead)
    allowed = rule.allowed_more(kept_bad, kept + new, kept_count(days, ahead))  # more bad events than this are a breach
    centre = special.digamma(recent.alpha) - special.digamma(recent.beta)
    spread = np.sqrt(special.polygamma(1, recent.alpha) + special.polygamma(1, recent.beta))
    chance = np.zeros(len(new))
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        rate = special.expit(centre + spread * node)
        chance += weight * binomial_over(allowed, new, rate)
    return np.where(kept + new > 0, chance, np.nan)


def binomial_over(allowed: FloatArray, total: FloatArray, rate: FloatArray) -> FloatArray:
    """P(X > allowed) for X ~ Binomial(total, rate)."""
    inside = (allowed >= 0) & (allowed < total)
    safe_allowed = np.where(inside, allowed, 0)
    safe_total = np.where(inside, total, 1)
    middle = special.betainc(safe_allowed + 1, np.maximum(safe_total - safe_allowed, 1e-9), rate)
    return np.where(inside, middle, np.where(allowed < 0, 1.0, 0.0))


def days_to_breach(
    days: WindowDays, recent: BetaPosterior, rule: PlatformRule, horizon: int, prior: BetaPrior | None
) -> FloatArray:
    """First day ahead on which the expected rate of the window is over the limit; 0 when it is so now, NaN if never.

    Parameters
    ----------
    rule : PlatformRule
        Where it also counts, the expected count must be over (or is enough, as the rule says).
    prior : BetaPrior or None
        With a prior the shrunk rate is followed (own limits), without it the plain one (platform limits).
    """
    first = np.full(days.bad.shape[0], np.nan)
    extra_bad = prior.mean * prior.strength if prior is not None else 0.0
    extra = prior.strength if prior is not None else 0.0
    for ahead in range(horizon + 1):
        kept_bad, kept, new = kept_and_new(days, ahead)
        total = kept + new + extra
        expected = (kept_bad + recent.mean * new + extra_bad) / np.maximum(total, 1e-12)
        over = expected > rule.limit
        if prior is None and rule.at_most is not None:
            counted = kept_count(days, ahead)
            count = np.where(np.isnan(counted), kept_bad, counted) + recent.mean * new
            over = over & (count > rule.at_most) if rule.both else over | (count > rule.at_most)
        crossed = np.isnan(first) & over & (kept + new > 0)
        first[crossed] = ahead
    return first
