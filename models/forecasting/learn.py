"""What all merchants together teach, learned by streaming over blocks: pooled factors, newcomers' levels, past errors.

Two passes over all merchants sum cells: levels against raw sums, then with weekdays and events divided out. Whatever
needs whole histories side by side (which half-life, which model, which quantiles) is learned from a sample of
merchants. Only sums and that sample are kept, so memory does not grow with the number of merchants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.forecasting.alone import alone_days
from models.forecasting.backtest import AHEAD, Shape, count_errors, count_half_lives, unusual_days
from models.forecasting.boosted.train import train
from models.forecasting.calibration import ErrorCounts, HalfLifeErrors
from models.forecasting.cells import DayCells, block_cells
from models.forecasting.components.log_prophet import LogProphet, shape_of
from models.forecasting.components.priors import learned_prior
from models.forecasting.factors import DayFactors, fit_factors
from models.forecasting.fitted import BlockFit, Platform
from models.forecasting.learned import BASE, OWN_TERMS, Learned, Setting
from models.forecasting.level import LevelSource
from models.forecasting.panel import Panel
from models.forecasting.peers import PeerLevels, block_peers
from models.forecasting.response import learn_response
from models.forecasting.rolling import Origins, rolling_origins
from models.forecasting.sample import MerchantSample
from models.forecasting.units import UnitSums, block_units
from models.forecasting.year import year_shape
from models.side_by_side import in_order

Blocks = Callable[[], Iterable[Panel]]


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
    sample = MerchantSample(setting.policy.ensemble.sample)
    first = _sum_cells(blocks, setting, measures, None, sample)
    rough = {name: _fit(cells, setting, setting.history, yearly=False) for name, cells in first.items()}
    learned = _learn_factors(blocks, setting, measures, rough)
    chosen = sample.panel()
    if chosen is not None:
        for _ in in_order(lambda measure: learn_errors(measure, chosen), learned.values()):
            pass
    return learned


def _fit(cells: DayCells, setting: Setting, until: int, yearly: bool = True) -> DayFactors:
    labels, policy = setting.labels, setting.policy.factors
    if yearly:
        labels = replace(labels, year=year_shape(cells.grown, until, setting.first_day, len(labels.weekday), policy))
    return fit_factors(cells, labels, until, policy, setting.prior_lift)


def _sum_cells(
    blocks: Blocks,
    setting: Setting,
    measures: Sequence[str],
    rough: Mapping[str, DayFactors] | None,
    sample: MerchantSample | None = None,
) -> dict[str, DayCells]:
    """Sum cells over all blocks; with rough factors every day speaks for the level, without them only ordinary days."""
    cells = {name: DayCells.empty(setting.labels.scopes, setting.history) for name in measures}

    def summed(panel: Panel) -> list[DayCells]:
        return [_cells_of(panel, name, setting, rough[name] if rough else None) for name in measures]

    for added in in_order(summed, _noted(blocks(), sample)):
        for name, part in zip(measures, added, strict=True):
            cells[name].add(part)
    return cells


def _noted(panels: Iterable[Panel], sample: MerchantSample | None) -> Iterator[Panel]:
    for panel in panels:
        if sample is not None:
            sample.add(panel)
        yield panel


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
        count, policy = len(origins.known), setting.policy
        errors = ErrorCounts.empty(count, policy)
        half_lives = {model: HalfLifeErrors.empty(count, policy) for model in (BASE, OWN_TERMS)}
        learned[name] = Learned(setting, name, factors, platforms[name], origins, half_lives, errors)
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
    """Learn from a sample: answers to plans, priors, half-lives, trees, then the models' errors, then the mixture's."""
    origins, models = measure.origins, measure.policy.ensemble.models
    measure.unusual = unusual_days(panel, measure.setting.labels).mean(axis=0)
    response = None
    for refit, factors in sorted(measure.factors.items()):
        response = learn_response(panel, measure.measure, factors, refit, measure.policy, response)
        alone = alone_days(panel, measure.measure, refit, measure.platform.count_value, measure.policy)
        measure.factors[refit] = replace(factors, response=response, alone=alone)
    fits = {refit: measure.fit(panel, refit, _last_asked(origins, refit)) for refit in origins.refits}
    if {OWN_TERMS, "seasonal_median", "boosted"} & set(models):
        measure.priors |= {refit: learned_prior(fit, measure.policy) for refit, fit in fits.items()}
    if not origins.recent:
        return
    _learn_half_lives(measure, fits)
    if "boosted" in models:
        for until in (origins.recent[-1], origins.history):
            base = LogProphet(measure.half_life(until, OWN_TERMS), measure.policy)
            measure.boosted[until] = train(measure, panel, until, base)
    past = measure.past(panel, len(origins.known), fits)
    measure.sample = past
    for place in range(len(past.known)):
        made = measure.made_then(past, place)
        actual = past.actual[place, :, : made.mean.shape[1]]
        count_errors(measure.errors, place, made, actual, measure.policy)


def _last_asked(origins: Origins, refit: int) -> int:
    """Last column that the origins of a refit forecast, + 1."""
    served = origins.served_by(refit)
    return min(max(served) + AHEAD, origins.history) if served else refit + 1


def _learn_half_lives(measure: Learned, fits: Mapping[int, BlockFit]) -> None:
    origins, policy = measure.origins, measure.policy
    for refit, fit in fits.items():
        # Which half-life serves best is a question of the times, not of the season.
        served = {known: place for place, known in enumerate(origins.recent) if origins.refit_for(known) == refit}
        if not served:
            continue
        count_half_lives(measure.half_lives[BASE], fit, Shape(fit.source, fit.factors), served, policy)
        if {OWN_TERMS, "boosted"} & set(policy.ensemble.models):
            own = shape_of(fit, policy, measure.priors[refit])
            source = LevelSource.of(fit.values, own.factors, fit.source.peer_level, own.peer_days)
            count_half_lives(measure.half_lives[OWN_TERMS], fit, Shape(source, own.factors), served, policy)
