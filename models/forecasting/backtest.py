"""Errors of the rolling backtest, counted: of every half-life to choose one, of the mixture for its quantiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from models.forecasting.calibration import ErrorCells, ErrorCounts, HalfLifeErrors, horizon_groups
from models.forecasting.factors import DayLabels
from models.forecasting.fitted import BlockFit
from models.forecasting.level import LevelSource
from models.forecasting.panel import BESIDE_CLOSED, HOLIDAY, Flags, Floats, Ints, Panel
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import SUM_DAYS
from models.forecasting.spread import stabilise, widening

AHEAD = SUM_DAYS[-1]
KNOWN_SHARE = 0.8  # of a sum's expected volume that must lie on known days; below it a sum is not compared


def count_half_lives(
    errors: HalfLifeErrors, fit: BlockFit, shape: Shape, origins: dict[int, int], policy: ForecastPolicy
) -> None:
    """Count what every half-life of the local level missed by, from some origins.

    Parameters
    ----------
    errors : HalfLifeErrors
        Added to.
    fit : BlockFit
        Fitted on nothing newer than the origins; its values may reach further, to be forecast.
    shape : Shape
        What the level is read from, and day factors that it multiplies.
    origins : dict of known columns -> position among the errors
    """
    known_columns = np.array(list(origins)) - 1 - fit.start
    levels = shape.source.after(known_columns, fit.half_lives).level
    own = fit.levels_at(np.array(list(origins)), [fit.default]).level[0]
    for place, (known, position) in enumerate(origins.items()):
        ahead = fit.columns(known, min(known + AHEAD, fit.start + fit.values.shape[1]))
        actual, factors = fit.values[:, ahead], shape.factors[:, ahead]
        stratum = fit.stratum_of(own[:, place], policy.calibration.strata)
        group = horizon_groups(actual.shape[1], policy.calibration.horizons)
        cells = ErrorCells.of(stratum[:, None], group[None, :], np.zeros((1, 1), np.int64))
        errors.count(position, cells, np.abs(levels[:, :, place, None] * factors - actual))


def unusual_days(panel: Panel, labels: DayLabels) -> Flags:
    """Whether each day (merchants, columns) is one of an event or a holiday, or lies beside a closed day."""
    planned = (panel.state & (HOLIDAY | BESIDE_CLOSED)) > 0
    unusual: Flags = planned | labels.groups.is_event[panel.scope]
    return unusual


class Shape(NamedTuple):
    """What a model's level is read from, and the day factors (merchants, columns) that it multiplies."""

    source: LevelSource
    factors: Floats


class Standing(NamedTuple):
    """Where merchants stand at an origin (merchants,): volume stratum, share of the level that comes from peers."""

    stratum: Ints
    peer_share: Floats


@dataclass(frozen=True)
class Made:
    """Means that were made for a block at an origin.

    Parameters
    ----------
    fit : BlockFit
    known : int
        Panel columns that were known.
    mean : array (merchants, days)
    at : Standing
    """

    fit: BlockFit
    known: int
    mean: Floats
    at: Standing

    @property
    def event(self) -> Flags:
        """Whether each day is one of an event (merchants, days)."""
        return self.fit.event[:, self.fit.columns(self.known, self.known + self.mean.shape[1])]

    @property
    def kind(self) -> Ints:
        """Kind of each day (merchants, days): 1 on days of events and holidays and beside a closed day, else 0."""
        ahead = slice(self.known, self.known + self.mean.shape[1])
        return unusual_days(self.fit.panel, self.fit.labels)[:, ahead].astype(np.int64)

    def first(self, days: int) -> Made:
        """Return the same for fewer days."""
        return replace(self, mean=self.mean[:, :days])

    def widened(self, mean: Floats, event_share: Floats, policy: ForecastPolicy) -> Floats:
        """Factor on standardized errors of means (merchants, columns), daily or summed."""
        unit, dispersion = self.fit.unit[:, None], self.fit.dispersion[:, None]
        peers, peer_log_sd = self.at.peer_share[:, None], policy.level.peer_log_sd
        return widening(mean, unit, dispersion, event_share, peers, policy.spread, peer_log_sd)

    def errors(self, actual: Floats, mean: Floats, event_share: Floats, policy: ForecastPolicy) -> Floats:
        """Errors over their built-in spread (merchants, columns); negative = worse than expected."""
        unit, dispersion = self.fit.unit[:, None], self.fit.dispersion[:, None]
        missed = stabilise(actual, unit, dispersion) - stabilise(mean, unit, dispersion)
        return missed / self.widened(mean, event_share, policy)


def count_errors(counts: ErrorCounts, position: int, made: Made, actual: Floats, policy: ForecastPolicy) -> None:
    """Count the errors of the days after an origin, and of their sums.

    Parameters
    ----------
    counts : ErrorCounts
        Added to.
    position : int
        Place of the origin among the counts.
    made : Made
    actual : array (merchants, days)
        What came; NaN = not known.
    policy : ForecastPolicy
    """
    days, stratum = made.mean.shape[1], made.at.stratum[:, None]
    group = horizon_groups(days, policy.calibration.horizons)
    cells = ErrorCells.of(stratum, group[None, :], made.kind)
    z = made.errors(actual, made.mean, made.event.astype(np.float64), policy)
    # Where nothing is expected (a closed day, a merchant of zeros) nothing can be missed by.
    counts.count(position, cells, np.where(made.mean > 0, z, np.nan))
    for place, length in enumerate(SUM_DAYS):
        if length <= days:
            sums = known_sums(actual[:, :length], made.mean[:, :length], made.event[:, :length])
            z = made.errors(sums.came[:, None], sums.expected[:, None], sums.event_share[:, None], policy)
            # Sums over fewer days are another kind of error: see `sum_errors`.
            z = np.where(np.all(made.mean[:, :length] > 0, axis=1)[:, None], z, np.nan)
            group = np.full((1, 1), len(policy.calibration.horizons) + place)
            counts.count(position, ErrorCells.of(stratum, group, np.zeros((1, 1), np.int64)), z)


class SumParts(NamedTuple):
    """Sums over known days (merchants,).

    What came, what was expected of the same days, the share of that on event days, and on how many something was.
    """

    came: Floats
    expected: Floats
    event_share: Floats
    days: Ints


def known_sums(actual: Floats, mean: Floats, event: Flags) -> SumParts:
    """Sum the known days; NaN where too little of the expected volume lies on known days."""
    known = np.isfinite(actual)
    counted = np.where(known, mean, 0.0)
    expected = counted.sum(axis=1)
    enough = (expected >= KNOWN_SHARE * mean.sum(axis=1)) & (expected > 0)
    came = np.where(known, actual, 0.0).sum(axis=1)
    share = np.where(event, counted, 0.0).sum(axis=1) / np.maximum(expected, 1e-12)
    days = np.sum(counted > 0, axis=1)
    return SumParts(np.where(enough, came, np.nan), np.where(enough, expected, np.nan), share, days)
