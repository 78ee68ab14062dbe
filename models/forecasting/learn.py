"""What all merchants together teach, learned by streaming over blocks: pooled factors, newcomers' levels, past errors.

Three passes: levels against raw sums, the same with weekdays and events divided out, errors of the rolling backtest.
Only sums are kept between blocks, so memory does not grow with the number of merchants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from models.forecasting.backtest import AHEAD, count_errors
from models.forecasting.calibration import Calibration, ErrorCounts, calibrate
from models.forecasting.cells import DayCells, block_cells
from models.forecasting.factors import DayFactors, DayLabels, fit_factors
from models.forecasting.fitted import BlockFit, Platform, fit_block
from models.forecasting.panel import Panel
from models.forecasting.peers import PeerLevels, block_peers
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import Origins, rolling_origins
from models.forecasting.units import UnitSums, block_units
from models.forecasting.year import year_shape

Blocks = Callable[[], Iterable[Panel]]


@dataclass(frozen=True)
class Setting:
    """What every pass needs: the days' labels, how many are known, policy, and lifts nobody has seen yet."""

    labels: DayLabels
    history: int
    policy: ForecastPolicy
    prior_lift: Mapping[str, float]
    first_day: date


@dataclass
class Learned:
    """What was learned of one measure.

    Parameters
    ----------
    factors : dict of refit (known columns) -> DayFactors
    platform : Platform
    origins : Origins
    errors : ErrorCounts
    """

    setting: Setting
    measure: str
    factors: dict[int, DayFactors]
    platform: Platform
    origins: Origins
    errors: ErrorCounts
    _calibrations: dict[int, Calibration] = field(default_factory=dict)

    def calibration(self, known: int) -> Calibration:
        """Half-lives and error quantiles from errors that an origin had seen."""
        if known not in self._calibrations:
            usable = self.origins.usable(known, self.setting.policy)
            self._calibrations[known] = calibrate(self.errors, usable, self.setting.policy)
        return self._calibrations[known]

    def fit(self, panel: Panel, refit: int, until: int | None = None) -> BlockFit:
        """Fit a block with the factors of a refit."""
        return fit_block(
            panel,
            self.measure,
            self.factors[refit],
            self.setting.labels,
            refit,
            self.platform,
            self.setting.policy,
            until,
        )


def learn(blocks: Blocks, setting: Setting, measures: Sequence[str]) -> dict[str, Learned]:
    """Learn each measure from all blocks.

    Parameters
    ----------
    blocks : callable
        Gives the blocks anew each time it is called.
    setting : Setting
    measures : sequence of str
        Measures that the panels hold.
    """
    first = _sum_cells(blocks, setting, measures, None)
    rough = {name: _fit(cells, setting, setting.history, yearly=False) for name, cells in first.items()}
    learned = _learn_factors(blocks, setting, measures, rough)
    for panel in blocks():
        for measure in learned.values():
            learn_errors(measure, panel)
    return learned


def _fit(cells: DayCells, setting: Setting, until: int, yearly: bool = True) -> DayFactors:
    labels, policy = setting.labels, setting.policy.factors
    if yearly:
        labels = replace(labels, year=year_shape(cells.grown, until, setting.first_day, len(labels.weekday), policy))
    return fit_factors(cells, labels, until, policy, setting.prior_lift)


def _sum_cells(
    blocks: Blocks, setting: Setting, measures: Sequence[str], rough: Mapping[str, DayFactors] | None
) -> dict[str, DayCells]:
    """Sum cells over all blocks; with rough factors every day speaks for the level, without them only ordinary days."""
    cells = {name: DayCells.empty(setting.labels.scopes, setting.history) for name in measures}
    for panel in blocks():
        for name in measures:
            cells[name].add(_cells_of(panel, name, setting, rough[name] if rough else None))
    return cells


def _cells_of(panel: Panel, measure: str, setting: Setting, rough: DayFactors | None) -> DayCells:
    history, labels, level = setting.history, setting.labels, setting.policy.level
    values, state = panel.values[measure], panel.state[:, :history]
    event = labels.groups.is_event[panel.scope, :history]
    ordinary = ~event & (state == 0)
    factors, use, window = np.ones_like(values), ordinary, level.window_first
    if rough is not None:
        factors = rough.of_merchants(panel.scope, panel.state, 0, history)
        use, window = np.ones_like(event), level.window
    return block_cells(values, factors, use, panel.scope, state, labels.scopes, window)


def _learn_factors(
    blocks: Blocks, setting: Setting, measures: Sequence[str], rough: Mapping[str, DayFactors]
) -> dict[str, Learned]:
    cells = _sum_cells(blocks, setting, measures, rough)
    origins = rolling_origins(setting.history, setting.policy)
    platforms = _platforms(blocks, setting, measures, rough)
    half = setting.policy.level.window // 2
    learned = {}
    for name in measures:
        # A centred level has seen half a window beyond its day, so an earlier fit leaves those days out.
        until = {refit: refit if refit == setting.history else max(refit - half, 1) for refit in origins.refits}
        factors = {refit: _fit(cells[name], setting, days) for refit, days in until.items()}
        errors = ErrorCounts.empty(len(origins.known), setting.policy)
        learned[name] = Learned(setting, name, factors, platforms[name], origins, errors)
    return learned


def _platforms(
    blocks: Blocks, setting: Setting, measures: Sequence[str], rough: Mapping[str, DayFactors]
) -> dict[str, Platform]:
    scopes = setting.labels.scopes
    peers = {name: PeerLevels.empty(scopes) for name in measures}
    units = {name: UnitSums() for name in measures}
    for panel in blocks():
        for name in measures:
            factors = rough[name].of_merchants(panel.scope, panel.state, 0, setting.history)
            peers[name].add(block_peers(panel.values[name], factors, panel.scope, scopes))
            units[name].add(block_units(panel, name))
    return {name: Platform(peers[name].newcomer(), units[name].value) for name in measures}


def learn_errors(measure: Learned, panel: Panel) -> None:
    """Add the backtest errors of a block to what is known of a measure."""
    origins, history = measure.origins, measure.setting.history
    for refit in origins.refits[1:]:
        served = {known: place for place, known in enumerate(origins.known) if origins.refit_for(known) == refit}
        if served:
            fit = measure.fit(panel, refit, min(max(served) + AHEAD, history))
            count_errors(measure.errors, fit, served, measure.setting.policy)
