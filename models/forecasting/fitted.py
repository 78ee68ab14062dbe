"""A block of merchants, fitted: day factors with the merchant's own, level paths, and the spread of its days.

Everything that a forecast from any origin needs, so that one fit serves many origins of the backtest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.forecasting.factors import DayFactors, DayLabels
from models.forecasting.level import LevelPath, level_path
from models.forecasting.own import own_factors
from models.forecasting.panel import Flags, Floats, Ints, Panel
from models.forecasting.policy import ForecastPolicy
from models.forecasting.spread import count_unit, dispersions

LEVEL_DAYS = 280  # newest days that a level is read from; five of the longest half-lives
COUNTS = ("orders", "units", "visitors")


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
    levels : list of LevelPath
        One per half-life.
    unit, dispersion : arrays (merchants,)
        See `spread`.
    default : int
        Position of the half-life that volume strata are read from.
    """

    start: int
    values: Floats
    factors: Floats
    event: Flags
    levels: list[LevelPath]
    unit: Floats
    dispersion: Floats
    default: int

    def columns(self, first: int, last: int) -> slice:
        """Columns here of panel columns `first` to `last` - 1."""
        return slice(first - self.start, last - self.start)

    def stratum(self, known: int, bounds: tuple[float, ...]) -> Ints:
        """Volume stratum of each merchant (counts a day) as seen from an origin."""
        level = np.nan_to_num(self.levels[self.default].level[:, known - 1 - self.start])
        return np.searchsorted(np.array(bounds), level / self.unit, side="right").astype(np.int64)


def fit_block(
    panel: Panel,
    measure: str,
    factors: DayFactors,
    labels: DayLabels,
    known: int,
    newcomer: Floats,
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
        Own factors and spread are read from columns before this one; levels are running, so that column c of a level path
        has seen nothing beyond c.
    newcomer : array (scopes,)
        Level of a newcomer.
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
    unit = _unit(panel, measure, start, known, policy)
    pooled = factors.of_merchants(panel.scope, panel.state, start, until)
    own = own_factors(
        values[:, past], pooled[:, past], labels.weekday[start:known], panel.promotion[:, start:known],
        unit, policy.spread.dispersion, policy.factors,
    )
    day_factors = own.apply(pooled, labels.weekday[window], panel.promotion[:, window])
    day_factors = np.where(panel.open[:, window], day_factors, 0.0)
    peer_level = newcomer[panel.scope]
    levels = [
        level_path(values, day_factors, half_life, peer_level, policy.level.peer_days)
        for half_life in policy.level.half_lives
    ]
    event = labels.groups.is_event[panel.scope, start:until]
    default = policy.level.default_position
    dispersion = _dispersion(values, day_factors, levels[default].level, event, known - start, unit, policy)
    return BlockFit(start, values, day_factors, event, levels, unit, dispersion, default)


def _unit(panel: Panel, measure: str, start: int, known: int, policy: ForecastPolicy) -> Floats:
    money = panel.values[measure]
    if measure in COUNTS:
        return np.ones(money.shape[0])
    counts = [name for name in ("orders", "units") if name in panel.values]
    if not counts:
        return np.maximum(np.nanmean(np.where(money > 0, money, np.nan)) * policy.spread.dispersion, 1e-9) * np.ones(
            money.shape[0]
        )
    best = panel.values[counts[0]]
    return count_unit(money[:, start:known], best[:, start:known], policy.spread.unit_value_spread)


def _dispersion(
    values: Floats, factors: Floats, level: Floats, event: Flags, known: int, unit: Floats, policy: ForecastPolicy
) -> Floats:
    first = max(1, known - policy.spread.window_days)
    if known <= first:
        return np.full(values.shape[0], policy.spread.dispersion)
    mean = level[:, first - 1 : known - 1] * factors[:, first:known]
    mean = np.where(event[:, first:known], np.nan, mean)
    return dispersions(values[:, first:known], mean, unit, policy.spread)
