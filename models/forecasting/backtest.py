"""Errors of the rolling backtest of a block, counted for calibration."""

from __future__ import annotations

import numpy as np

from models.forecasting.calibration import SUM_DAYS, ErrorCounts
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Flags, Floats
from models.forecasting.policy import ForecastPolicy
from models.forecasting.predict import horizon_groups
from models.forecasting.spread import stabilise, widening

AHEAD = SUM_DAYS[-1]
KNOWN_SHARE = 0.8  # of a sum's days with volume; below it a sum is not compared


def count_errors(counts: ErrorCounts, fit: BlockFit, origin: int, known: int, policy: ForecastPolicy) -> None:
    """Count the errors of every half-life from one origin.

    Parameters
    ----------
    counts : ErrorCounts
        Added to.
    fit : BlockFit
        Fitted on nothing newer than the origin; its values may reach further, to be forecast.
    origin : int
        Position of the origin among the counts.
    known : int
        Columns that the origin had seen.
    """
    ahead = fit.columns(known, min(known + AHEAD, fit.start + fit.values.shape[1]))
    actual, factors = fit.values[:, ahead], fit.factors[:, ahead]
    event = fit.event[:, ahead]
    stratum = fit.stratum(known, policy.calibration.strata)
    group = horizon_groups(actual.shape[1], policy)
    cells = np.broadcast_arrays(stratum[:, None], group[None, :], event.astype(np.int64))
    seen = stabilise(actual, fit.unit[:, None], fit.dispersion[:, None])
    for half_life, path in enumerate(fit.levels):
        level = path.level[:, known - 1 - fit.start]
        mean = level[:, None] * factors
        peers = path.peer_share[:, known - 1 - fit.start][:, None]
        z = _errors(seen, mean, fit, event.astype(np.float64), peers, policy)
        z = np.where(mean > 0, z, np.nan)
        counts.count(origin, half_life, cells[0], cells[1], cells[2], z)
        counts.count_absolute(origin, half_life, cells[0], cells[1], np.abs(actual - mean))
        for place, days in enumerate(SUM_DAYS):
            if days <= actual.shape[1]:
                z_sum = _sum_errors(actual[:, :days], mean[:, :days], event[:, :days], fit, peers, policy)
                sums = np.full_like(stratum, len(policy.calibration.horizons) + place)
                counts.count(origin, half_life, stratum, sums, np.zeros_like(stratum), z_sum)


def _errors(
    seen: Floats, mean: Floats, fit: BlockFit, event_share: Floats, peers: Floats, policy: ForecastPolicy
) -> Floats:
    unit, dispersion = fit.unit[:, None], fit.dispersion[:, None]
    wide = widening(mean, unit, dispersion, event_share, peers, policy.spread, policy.level.peer_log_sd)
    return (seen - stabilise(mean, unit, dispersion)) / wide


def known_sums(actual: Floats, mean: Floats, event: Flags) -> tuple[Floats, Floats, Floats]:
    """Sums over the known days of what came and what was expected, and the share of events; NaN where too few are known."""
    known = np.isfinite(actual) & np.isfinite(mean)
    expected = np.where(known, mean, 0.0)
    total, came = expected.sum(axis=1), np.where(known, actual, 0.0).sum(axis=1)
    enough = total >= KNOWN_SHARE * np.nan_to_num(mean).sum(axis=1)
    enough &= total > 0
    share = np.where(event, expected, 0.0).sum(axis=1) / np.maximum(total, 1e-12)
    return np.where(enough, came, np.nan), np.where(enough, total, np.nan), share


def _sum_errors(
    actual: Floats, mean: Floats, event: Flags, fit: BlockFit, peers: Floats, policy: ForecastPolicy
) -> Floats:
    came, expected, share = known_sums(actual, mean, event)
    seen = stabilise(came[:, None], fit.unit[:, None], fit.dispersion[:, None])
    return _errors(seen, expected[:, None], fit, share[:, None], peers, policy)[:, 0]


