"""Where a rate is going: the chance of a breach within two weeks, and the day on which the window crosses the limit.

The days ahead replace the oldest days of the window. They are taken to run at the recent rate (the last days of the
window, shrunk to the window's own rate), so that a drift shows before the window's average has followed it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics.exposure import Posterior, Prior
from models.metrics.platform import PlatformRule

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class WindowDays:
    """The window day by day, oldest first: bad events, all events, and what a platform counts, (merchants, days)."""

    bad: FloatArray
    total: FloatArray
    counted: FloatArray | None = None


def recent_posterior(days: WindowDays, whole: Posterior, recent_days: int) -> Posterior:
    """Posterior of the rate of the last days, shrunk to the window's.

    The window's posterior mean is believed as much as half of all it has seen: a drift needs evidence, yet less than
    a new merchant would.
    """
    bad = np.nansum(days.bad[:, -recent_days:], axis=1)
    total = np.nansum(days.total[:, -recent_days:], axis=1)
    return whole.restarted(np.maximum((whole.strength - total) / 2, 1.0), bad, total)


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


def breach_probability(
    days: WindowDays, recent: Posterior, rule: PlatformRule, ahead: int, prior: Prior | None = None
) -> FloatArray:
    """Probability that the window as it will be after `ahead` days is over the limit.

    Parameters
    ----------
    prior : BetaPrior, GammaPrior or None
        With a prior the shrunk rate is followed (own limits), without it the plain one (platform limits).
    """
    kept_bad, kept, new = kept_and_new(days, ahead)
    extra_bad, extra = _pseudo(prior)
    # more bad events than this are a breach
    allowed = rule.allowed_more(kept_bad + extra_bad, kept + new + extra, kept_count(days, ahead))
    return np.where(kept + new > 0, recent.more_than(allowed, new), np.nan)


def _pseudo(prior: Prior | None) -> tuple[FloatArray | float, FloatArray | float]:
    """Bad events and all events that a prior counts for."""
    return (0.0, 0.0) if prior is None else (prior.mean * prior.strength, prior.strength)


def days_to_breach(
    days: WindowDays, recent: Posterior, rule: PlatformRule, horizon: int, prior: Prior | None
) -> FloatArray:
    """First day ahead on which the expected rate of the window is over the limit; 0 when it is so now, NaN if never.

    Parameters
    ----------
    rule : PlatformRule
        Where it also counts, the expected count must be over (or is enough, as the rule says).
    prior : BetaPrior, GammaPrior or None
        With a prior the shrunk rate is followed (own limits), without it the plain one (platform limits).
    """
    first = np.full(days.bad.shape[0], np.nan)
    extra_bad, extra = _pseudo(prior)
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
