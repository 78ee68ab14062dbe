"""Means and quantiles of the days ahead of an origin, and of their sums."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.backtest import Made
from models.forecasting.calibration import Calibration, horizon_groups
from models.forecasting.panel import Flags, Floats
from models.forecasting.policy import ForecastPolicy
from models.forecasting.spread import restore, stabilise
from models.forecasting.sum_errors import sum_errors


class Forecast(NamedTuple):
    """Means (merchants, columns) and quantiles (7, merchants, columns); columns are days, or sums."""

    mean: Floats
    quantiles: Floats


def with_quantiles(
    made: Made, mean: Floats, z: Floats, event_share: Floats, policy: ForecastPolicy, whole: bool
) -> Forecast:
    """Put quantiles around means.

    Parameters
    ----------
    made : Made
        The block and where its merchants stand.
    mean : array (merchants, columns)
        Days or sums.
    z : array (merchants, columns, 7)
        Quantiles of standardized errors.
    event_share : array (merchants, columns)
        Share of the mean that falls on event days.
    policy : ForecastPolicy
    whole : bool
        Quantiles of small means are whole numbers.
    """
    unit, dispersion = made.fit.unit[:, None], made.fit.dispersion[:, None]
    centre, wide = stabilise(mean, unit, dispersion), made.widened(mean, event_share, policy)
    scaled = np.moveaxis(centre[:, :, None] + z * wide[:, :, None], 2, 0)
    quantiles = restore(scaled, unit, dispersion)
    if whole:
        quantiles = np.where(mean < policy.calibration.whole_below, np.rint(quantiles), quantiles)
    return Forecast(mean, np.where(mean > 0, quantiles, np.where(np.isnan(mean), np.nan, 0.0)))


def forecast_days(made: Made, calibration: Calibration, policy: ForecastPolicy, whole: bool) -> Forecast:
    """Put quantiles around the daily means of an origin."""
    group = horizon_groups(made.mean.shape[1], policy.calibration.horizons)
    z = calibration.z[made.at.stratum[:, None], group[None, :], made.kind]
    return with_quantiles(made, made.mean, z, made.event.astype(np.float64), policy, whole)


def forecast_sum(made: Made, chosen: Flags, calibration: Calibration, policy: ForecastPolicy, whole: bool) -> Forecast:
    """Forecast the sum of chosen days after an origin, with quantiles from past errors of sums.

    Parameters
    ----------
    chosen : array of bool (merchants, days)
        Days ahead that are summed; errors are read off those of single days and of sums of 7, 14 and 28 days.
    """
    days = made.first(chosen.shape[1])
    daily = np.where(chosen, days.mean, 0.0)
    mean = daily.sum(axis=1)
    share = np.where(days.event, daily, 0.0).sum(axis=1) / np.maximum(mean, 1e-12)
    promising = np.sum(daily > 0, axis=1)[:, None]
    z = sum_errors(calibration, made.at.stratum, promising, chosen.shape[1], policy).z
    return with_quantiles(days, mean[:, None], z, share[:, None], policy, whole)
