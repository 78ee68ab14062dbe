"""Means and quantiles of the days ahead of an origin, and of their sums."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.calibration import SUM_DAYS, Calibration
from models.forecasting.fitted import BlockFit
from models.forecasting.level import Levels
from models.forecasting.panel import Flags, Floats, Ints
from models.forecasting.policy import ForecastPolicy
from models.forecasting.spread import restore, stabilise, widening


class Forecast(NamedTuple):
    """Means (merchants, columns) and quantiles (7, merchants, columns); columns are days, or sums."""

    mean: Floats
    quantiles: Floats


class Origin(NamedTuple):
    """Where merchants stand when they are forecast: level, share of it from peers, volume stratum (merchants,)."""

    level: Floats
    peer_share: Floats
    stratum: Ints


def stand_at(fit: BlockFit, known: int, calibration: Calibration, policy: ForecastPolicy) -> Origin:
    """Level of each merchant at an origin, by the half-life that its stratum is served best with."""
    stratum = fit.stratum(known, policy.calibration.strata)
    levels = chosen_levels(fit, np.array([known]), calibration.half_life[stratum])
    return Origin(levels.level[:, 0], levels.peer_share[:, 0], stratum)


def chosen_levels(fit: BlockFit, known: Ints, chosen: Ints) -> Levels:
    """Levels (merchants, origins), each merchant's by its own half-life."""
    used, place = np.unique(chosen, return_inverse=True)
    levels, rows = fit.levels_at(known, used.tolist()), np.arange(len(chosen))
    return Levels(levels.level[place, rows], levels.peer_share[place, rows])


def horizon_groups(days: int, policy: ForecastPolicy) -> Ints:
    """Horizon group of each day ahead (1 to `days`); beyond the last bound the last group."""
    bounds = np.array(policy.calibration.horizons)
    groups = np.searchsorted(bounds, np.arange(1, days + 1))
    return np.minimum(groups, len(bounds) - 1).astype(np.int64)


def with_quantiles(
    mean: Floats, fit: BlockFit, z: Floats, event_share: Floats, peer_share: Floats, policy: ForecastPolicy, whole: bool
) -> Forecast:
    """Put quantiles around means.

    Parameters
    ----------
    mean : array (merchants, columns)
    z : array (merchants, columns, 7)
        Quantiles of standardized errors.
    event_share : array (merchants, columns)
        Share of the mean that falls on event days.
    peer_share : array (merchants,)
    whole : bool
        Quantiles of small means are whole numbers.
    """
    unit, dispersion = fit.unit[:, None], fit.dispersion[:, None]
    wide = widening(mean, unit, dispersion, event_share, peer_share[:, None], policy.spread, policy.level.peer_log_sd)
    centre = stabilise(mean, unit, dispersion)
    scaled = centre[:, :, None] + z * wide[:, :, None]
    quantiles = restore(np.moveaxis(scaled, 2, 0), unit, dispersion)
    if whole:
        quantiles = np.where(mean < policy.calibration.whole_below, np.rint(quantiles), quantiles)
    return Forecast(mean, np.where(mean > 0, quantiles, np.where(np.isnan(mean), np.nan, 0.0)))


def forecast_days(
    fit: BlockFit, known: int, days: int, calibration: Calibration, policy: ForecastPolicy, whole: bool
) -> Forecast:
    """Forecast each of the `days` after an origin."""
    at = stand_at(fit, known, calibration, policy)
    ahead = fit.columns(known, known + days)
    mean = at.level[:, None] * fit.factors[:, ahead]
    event = fit.event[:, ahead]
    group = horizon_groups(days, policy)
    z = calibration.z[at.stratum[:, None], group[None, :], event.astype(np.int64)]
    return with_quantiles(mean, fit, z, event.astype(np.float64), at.peer_share, policy, whole)


def forecast_sum(
    fit: BlockFit, known: int, chosen: Flags, calibration: Calibration, policy: ForecastPolicy, whole: bool
) -> Forecast:
    """Forecast the sum of chosen days after an origin, with quantiles from past errors of sums.

    Parameters
    ----------
    chosen : array of bool (merchants, days)
        Days ahead that are summed; errors are taken from sums of 7, 14 and 28 days, whichever is next in length.
    """
    at = stand_at(fit, known, calibration, policy)
    ahead = fit.columns(known, known + chosen.shape[1])
    daily = np.where(chosen, at.level[:, None] * fit.factors[:, ahead], 0.0)
    mean = daily.sum(axis=1)
    share = np.where(fit.event[:, ahead], daily, 0.0).sum(axis=1) / np.maximum(mean, 1e-12)
    lengths = np.minimum(np.searchsorted(SUM_DAYS, chosen.sum(axis=1)), len(SUM_DAYS) - 1)
    z = calibration.z[at.stratum, len(policy.calibration.horizons) + lengths, 0]
    return with_quantiles(mean[:, None], fit, z[:, None, :], share[:, None], at.peer_share, policy, whole)


def standardized(actual: Floats, mean: Floats, fit: BlockFit, spread: Floats) -> Floats:
    """Error on the stabilised scale over its usual spread; negative = worse than expected."""
    unit, dispersion = fit.unit[:, None], fit.dispersion[:, None]
    return (stabilise(actual, unit, dispersion) - stabilise(mean, unit, dispersion)) / spread
