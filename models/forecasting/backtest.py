"""Errors of the rolling backtest of a block, counted for calibration."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.calibration import SUM_DAYS, ErrorCells, ErrorCounts
from models.forecasting.fitted import BlockFit
from models.forecasting.panel import Flags, Floats, Ints
from models.forecasting.policy import ForecastPolicy
from models.forecasting.predict import horizon_groups
from models.forecasting.spread import stabilise, widening

AHEAD = SUM_DAYS[-1]
KNOWN_SHARE = 0.8  # of a sum's days with volume; below it a sum is not compared


def count_errors(counts: ErrorCounts, fit: BlockFit, origins: dict[int, int], policy: ForecastPolicy) -> None:
    """Count the errors of every half-life from some origins.

    Parameters
    ----------
    counts : ErrorCounts
        Added to.
    fit : BlockFit
        Fitted on nothing newer than the origins; its values may reach further, to be forecast.
    origins : dict of known columns -> position among the counts
    """
    levels = fit.levels_at(np.array(list(origins)))
    for place, (known, position) in enumerate(origins.items()):
        ahead = fit.columns(known, min(known + AHEAD, fit.start + fit.values.shape[1]))
        stratum = fit.stratum_of(levels.level[fit.default, :, place], policy.calibration.strata)
        days = _DaysAhead(fit, ahead, stratum, policy)
        for half_life in range(len(fit.half_lives)):
            level = levels.level[half_life, :, [place]].T
            days.count(counts, position, half_life, level, levels.peer_share[half_life, :, [place]].T)


class _DaysAhead:
    """Days after an origin, with all that does not depend on the half-life worked out once."""

    def __init__(self, fit: BlockFit, ahead: slice, stratum: Ints, policy: ForecastPolicy) -> None:
        self.fit, self.policy, self.stratum = fit, policy, stratum
        self.actual, self.factors = fit.values[:, ahead], fit.factors[:, ahead]
        self.event = fit.event[:, ahead]
        self.share = self.event.astype(np.float64)
        group = horizon_groups(self.actual.shape[1], policy)
        self.cells = ErrorCells.of(stratum[:, None], group[None, :], self.event.astype(np.int64))
        self.seen = self._stabilise(self.actual)
        lengths = [days for days in SUM_DAYS if days <= self.actual.shape[1]]
        parts = [known_sums(self.actual[:, :days], self.factors[:, :days], self.event[:, :days]) for days in lengths]
        self.sums = SumParts(*(np.stack(part, axis=1) for part in zip(*parts, strict=True))) if parts else None
        places = len(policy.calibration.horizons) + np.arange(len(lengths))
        self.sum_cells = ErrorCells.of(stratum[:, None], places[None, :], np.zeros((1, 1), np.int64))

    def count(self, counts: ErrorCounts, origin: int, half_life: int, level: Floats, peers: Floats) -> None:
        """Count the errors that levels (merchants, 1) lead to."""
        mean = level * self.factors
        z = np.where(mean > 0, self._errors(self.seen, mean, self.share, peers), np.nan)
        counts.count(origin, half_life, self.cells, z)
        counts.count_absolute(origin, half_life, self.cells, np.abs(self.actual - mean))
        if self.sums is not None:
            seen = self._stabilise(self.sums.came)
            z = self._errors(seen, level * self.sums.promised, self.sums.event_share, peers)
            counts.count(origin, half_life, self.sum_cells, z)

    def _stabilise(self, values: Floats) -> Floats:
        return stabilise(values, self.fit.unit[:, None], self.fit.dispersion[:, None])

    def _errors(self, seen: Floats, mean: Floats, event_share: Floats, peers: Floats) -> Floats:
        unit, dispersion = self.fit.unit[:, None], self.fit.dispersion[:, None]
        spread, peer_log_sd = self.policy.spread, self.policy.level.peer_log_sd
        wide = widening(mean, unit, dispersion, event_share, peers, spread, peer_log_sd)
        return (seen - stabilise(mean, unit, dispersion)) / wide


class SumParts(NamedTuple):
    """Sums over known days: what came, what a merchant of level 1 would sell, share of that on event days."""

    came: Floats
    promised: Floats
    event_share: Floats


def known_sums(actual: Floats, factors: Floats, event: Flags) -> SumParts:
    """Sum the known days (merchants,); NaN where too few of the days with volume are known."""
    known = np.isfinite(actual)
    counted = np.where(known, factors, 0.0)
    promised = counted.sum(axis=1)
    enough = (promised >= KNOWN_SHARE * factors.sum(axis=1)) & (promised > 0)
    came = np.where(known, actual, 0.0).sum(axis=1)
    share = np.where(event, counted, 0.0).sum(axis=1) / np.maximum(promised, 1e-12)
    return SumParts(np.where(enough, came, np.nan), np.where(enough, promised, np.nan), share)
