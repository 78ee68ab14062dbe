"""Yesterday's forecast against what came: the raw material of every detector.

For each of the last 56 days the forecast made one day before it, and for each of the seven-day sums that end on it the
forecast made the day before the sum began; factors, half-lives and quantiles are those of a week's start before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from models.forecasting.backtest import known_sums
from models.forecasting.calibration import Calibration
from models.forecasting.fitted import BlockFit
from models.forecasting.learn import Learned
from models.forecasting.panel import Floats, Panel
from models.forecasting.predict import Forecast, chosen_levels, stand_at, standardized, with_quantiles
from models.forecasting.spread import widening

WEEKS = 8
WEEK = 7


class Residuals(NamedTuple):
    """Residuals of one horizon on some target columns: arrays (merchants, columns)."""

    horizon: int
    columns: np.ndarray
    actual: Floats
    forecast: Forecast
    z: Floats


def block_residuals(learned: Learned, panel: Panel, whole: bool) -> Iterator[Residuals]:
    """Residuals of a block, newest week first; weeks without enough history before them are left out."""
    history, origins = learned.setting.history, learned.origins
    least = learned.setting.policy.history.least_days
    fits: dict[int, BlockFit] = {}
    for week in range(WEEKS):
        for horizon, seen in ((1, history - WEEK * (week + 1)), (WEEK, history - WEEK * (week + 2))):
            if seen < least:
                continue
            refit = origins.refit_for(seen)
            if refit > seen:
                continue
            if refit not in fits:
                fits[refit] = learned.fit(panel, refit, history)
            columns = np.arange(history - WEEK * (week + 1), history - WEEK * week)
            calibration = learned.calibration(seen)
            maker = _one_day if horizon == 1 else _seven_days
            yield maker(fits[refit], columns, calibration, learned, whole)


def _one_day(fit: BlockFit, columns: np.ndarray, calibration: Calibration, learned: Learned, whole: bool) -> Residuals:
    policy = learned.setting.policy
    here = columns - fit.start
    at = stand_at(fit, int(columns[0]), calibration, policy)
    levels = chosen_levels(fit, columns, calibration.half_life[at.stratum])
    mean = levels.level * fit.factors[:, here]
    event = fit.event[:, here]
    z = calibration.z[at.stratum[:, None], 0, event.astype(np.int64)]
    forecast = with_quantiles(mean, fit, z, event.astype(np.float64), at.peer_share, policy, whole)
    spread = _spread(fit, mean, event.astype(np.float64), at.peer_share, calibration.spread[at.stratum, 0], learned)
    actual = fit.values[:, here]
    return Residuals(1, columns, actual, forecast, standardized(actual, mean, fit, spread))


def _seven_days(
    fit: BlockFit, columns: np.ndarray, calibration: Calibration, learned: Learned, whole: bool
) -> Residuals:
    policy = learned.setting.policy
    at = stand_at(fit, int(columns[0]) - WEEK + 1, calibration, policy)
    levels = chosen_levels(fit, columns - WEEK + 1, calibration.half_life[at.stratum])
    came, expected, share = [], [], []
    for place, column in enumerate(columns - fit.start):
        days = slice(column - WEEK + 1, column + 1)
        sums = known_sums(fit.values[:, days], fit.factors[:, days], fit.event[:, days])
        came.append(sums.came)
        expected.append(levels.level[:, place] * sums.promised)
        share.append(sums.event_share)
    actual, mean, event_share = (np.stack(parts, axis=1) for parts in (came, expected, share))
    group = len(policy.calibration.horizons)  # the first group of sums is that of seven days
    z = np.broadcast_to(calibration.z[at.stratum, group, 0][:, None, :], (*mean.shape, 7))
    forecast = with_quantiles(mean, fit, z, event_share, at.peer_share, policy, whole)
    spread = _spread(fit, mean, event_share, at.peer_share, calibration.spread[at.stratum, group], learned)
    return Residuals(WEEK, columns, actual, forecast, standardized(actual, mean, fit, spread))


def _spread(fit: BlockFit, mean: Floats, event_share: Floats, peers: Floats, usual: Floats, learned: Learned) -> Floats:
    policy = learned.setting.policy
    unit, dispersion = fit.unit[:, None], fit.dispersion[:, None]
    wide = widening(mean, unit, dispersion, event_share, peers[:, None], policy.spread, policy.level.peer_log_sd)
    return wide * usual[:, None]
