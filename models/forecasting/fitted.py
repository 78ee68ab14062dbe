"""A block of merchants, fitted: day factors with the merchant's own, level paths, and the spread of its days.

Everything that a forecast from any origin needs, so that one fit serves many origins of the backtest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.forecasting.factors import DayFactors, DayLabels
from models.forecasting.level import Levels, LevelSource, days_of_peers
from models.forecasting.own import OwnFactors, own_factors
from models.forecasting.panel import Flags, Floats, Ints, Panel
from models.forecasting.policy import ForecastPolicy
from models.forecasting.spread import dispersions
from models.forecasting.units import merchant_units

LEVEL_DAYS = 224  # newest days that a level is read from; four of the longest half-lives


@dataclass(frozen=True)
class BlockFit:
    """A fitted block; columns begin at `start` of the panel.

    Parameters
    ----------
    start : int
        Panel column of column 0 here.
    values : array (merchants, columns)
        NaN = not known, the horizon included.
    factors : array (merchants, columns)
        Expected volume of a merchant of level 1; 0 on closed days.
    event : array of bool (merchants, columns)
    source : LevelSource
        What levels are read from.
    half_lives : tuple of float
    unit, dispersion : arrays (merchants,)
        See `spread`.
    default : int
        Position of the half-life that volume strata are read from.
    panel : Panel
        The block as it was read: plans, the whole history, scopes.
    labels : DayLabels
        Of the panel's columns.
    measure : str
    own : OwnFactors
        What sets each merchant apart from its category.
    known : int
        Panel columns that the fit has looked at.
    pooled : DayFactors
        Pooled factors of all the panel's columns.
    kept : dict
        What models of the ensemble have worked out of this fit, so that each of its origins need not do it again.
    """

    start: int
    values: Floats
    factors: Floats
    event: Flags
    source: LevelSource
    half_lives: tuple[float, ...]
    unit: Floats
    dispersion: Floats
    default: int
    panel: Panel
    labels: DayLabels
    measure: str
    own: OwnFactors
    known: int
    pooled: DayFactors
    kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def columns(self, first: int, last: int) -> slice:
        """Columns here of panel columns `first` to `last` - 1."""
        return slice(first - self.start, last - self.start)

    def stratum(self, known: int, bounds: tuple[float, ...]) -> Ints:
        """Volume stratum of each merchant (counts a day) as seen from an origin."""
        level = self.levels_at(np.array([known]), [self.default]).level[0, :, 0]
        return self.stratum_of(level, bounds)

    def stratum_of(self, level: Floats, bounds: tuple[float, ...]) -> Ints:
        """Volume stratum of merchants whose level by the default half-life is known."""
        return np.searchsorted(np.array(bounds), np.nan_to_num(level) / self.unit, side="right").astype(np.int64)

    def levels_at(self, known: Ints, half_lives: Sequence[int] | None = None) -> Levels:
        """Levels (half-lives, merchants, origins) as seen from origins, each a number of known panel columns."""
        chosen = range(len(self.half_lives)) if half_lives is None else half_lives
        return self.source.after(np.asarray(known) - 1 - self.start, [self.half_lives[place] for place in chosen])


@dataclass(frozen=True)
class Platform:
    """What all merchants together say of one who says nothing.

    Parameters
    ----------
    newcomer : array (scopes,)
        Level of a newcomer.
    count_value : float
        Value of one count.
    """

    newcomer: Floats
    count_value: float


def fit_block(
    panel: Panel,
    measure: str,
    factors: DayFactors,
    labels: DayLabels,
    known: int,
    platform: Platform,
    policy: ForecastPolicy,
    until: int | None = None,
) -> BlockFit:
    """Fit a block on what was known after `known` columns.

    Parameters
    ----------
    panel : Panel
    measure : str
    factors : DayFactors
        Pooled factors fitted on the same days or earlier ones.
    labels : DayLabels
    known : int
        Own factors and spread are read from columns before this one; a level after column c has seen nothing beyond c.
    platform : Platform
    policy : ForecastPolicy
    until : int, optional
        Last panel column needed + 1; by default all.
    """
    until = panel.days if until is None else until
    start = max(0, known - LEVEL_DAYS)
    window, past = slice(start, until), slice(0, known - start)
    history = panel.values[measure]
    values = np.full((history.shape[0], until - start), np.nan)
    end = min(until, history.shape[1])
    values[:, : end - start] = history[:, start:end]
    unit = merchant_units(panel, measure, start, known, platform.count_value, policy.spread.unit_value_spread)
    pooled = factors.of_panel(panel, start, until)
    own = own_factors(
        values[:, past],
        pooled[:, past],
        labels.weekday[start:known],
        panel.promotion[:, start:known],
        unit,
        policy.spread.dispersion,
        policy.factors,
    )
    day_factors = own.apply(pooled, labels.weekday[window], panel.promotion[:, window])
    day_factors = np.where(panel.open[:, window], day_factors, 0.0)
    says = np.where(panel.promotion[:, window], own.promotion_says[:, None], 1.0)
    peers, level, spread = platform.newcomer[panel.scope], policy.level, policy.spread
    peer_days = days_of_peers(unit, peers, spread.dispersion, level.peer_log_sd, level.peer_days)
    source = LevelSource.of(values, day_factors, peers, peer_days, says)
    event = labels.groups.is_event[panel.scope, start:until]
    half_lives, default = policy.level.half_lives, policy.level.default_position
    dispersion = _dispersion(values, day_factors, source, event, known - start, unit, policy)
    return BlockFit(
        start, values, day_factors, event, source, half_lives, unit, dispersion, default, panel, labels, measure, own,
        known, factors,
    )  # fmt: skip


def _dispersion(
    values: Floats, factors: Floats, source: LevelSource, event: Flags, known: int, unit: Floats, policy: ForecastPolicy
) -> Floats:
    first = max(1, known - policy.spread.window_days)
    if known <= first:
        return np.full(values.shape[0], policy.spread.dispersion)
    level = source.after(np.arange(first, known) - 1, [policy.level.half_life_default]).level[0]
    mean = level * factors[:, first:known]
    mean = np.where(event[:, first:known], np.nan, mean)
    return dispersions(values[:, first:known], mean, unit, policy.spread)
