"""Consultations of the days ahead by merchant, phase and hour, with quantiles.

The idea: driver ahead x the merchant's ratio x the merchant's hours, ratio and hours shrunk to those of its category by
weights that the data chose; the spread of an hour is that of counts, of the driver's forecast, of the ratio, and of
hours about their profile, together. Everything here is one merchant's own, so blocks change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.counts import count_quantiles
from models.staffing.desk import Causes, Desks, Floats, causes_of
from models.staffing.policy import StaffingPolicy
from models.staffing.pooled import Pooled, hourly, totals

QUANTILES = ("q10", "q90")


@dataclass(frozen=True)
class Consultations:
    """Forecast of n merchants over h days.

    Parameters
    ----------
    mean : (n, 2, h, 24) array
        Consultations expected.
    dispersion : (n, 2, h) array
        (variance - mean) / mean^2 of an hour.
    """

    mean: Floats
    dispersion: Floats

    def quantiles(self) -> dict[str, Floats]:
        """Whole-number quantiles of each hour; (n, 2, h, 24) by name."""
        spread = np.broadcast_to(self.dispersion[:, :, :, None], self.mean.shape)
        found = count_quantiles(self.mean, spread, 1.0, True)
        return {name: found[name] for name in QUANTILES}


def expect(desks: Desks, pooled: Pooled) -> Consultations:
    """Forecast the consultations of some merchants."""
    causes = causes_of(desks, pooled.after_sale_days)
    ratio, doubt = _ratio(desks, causes, pooled)
    per_day = ratio[:, :, None] * causes.ahead
    share = hour_shares(hourly(desks), pooled, desks)
    dispersion = pooled.dispersion[desks.category][:, :, None] + causes.spread**2 + doubt[:, :, None]
    return Consultations(per_day[:, :, :, None] * share[:, :, None, :], dispersion)


def _ratio(desks: Desks, causes: Causes, pooled: Pooled) -> tuple[Floats, Floats]:
    """Posterior mean of each merchant's ratio, and its variance over the square of its mean; (n, 2)."""
    sold, cause = totals(desks, causes)
    phase = np.arange(sold.shape[1])
    usual = pooled.ratio[desks.category[:, None], phase, causes.code]
    shape = pooled.shape[desks.category]
    counts = sold / pooled.noise
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (counts + shape) / (cause / pooled.noise + shape / usual)
    # Without a usual ratio nobody has asked anything: the merchant's own says so as well.
    return np.where(usual > 0, ratio, 0.0), 1.0 / (counts + shape)


def hour_shares(hours: Floats, pooled: Pooled, desks: Desks) -> Floats:
    """Share of each hour in a merchant's day; (n, 2, 24), sums to 1."""
    weight = pooled.weight[desks.category][:, :, None]
    shares: Floats = (hours + weight * pooled.profile[desks.category]) / (hours.sum(axis=2, keepdims=True) + weight)
    return shares


def human_share(desks: Desks, pooled: Pooled, policy: StaffingPolicy) -> Floats:
    """Share of consultations that people take, shrunk to the category's; (n, 2)."""
    sessions = np.nan_to_num(desks.daily).sum(axis=2)
    usual = pooled.human[desks.category]
    shares: Floats = (desks.human_sessions + policy.prior_sessions * usual) / (sessions + policy.prior_sessions)
    return np.minimum(shares, 1.0)


def handle_time(desks: Desks, pooled: Pooled, policy: StaffingPolicy) -> Floats:
    """Seconds that people need for a consultation, shrunk to the category's; (n, 2)."""
    usual = pooled.seconds[desks.category]
    result: Floats = (desks.handle_seconds + policy.prior_sessions * usual) / (
        desks.human_sessions + policy.prior_sessions
    )
    return result
