"""Estimates and scores of all windowed metrics, block by block: first the priors of all merchants, then each merchant.

Memory holds one block's days at a time, and of a year's days only the columns that a look-back asks for; what is kept
are arrays of one number per merchant (and of `days` scores).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics.catalogue import Mean, MetricBase, Rate, Ratio, WindowedMetric
from models.metrics.conditions import Conditions, conditions_of, join_conditions
from models.metrics.day_counts import bad_counts, count_panel, day_counts, mean_parts
from models.metrics.estimate import Estimate, estimate_mean, estimate_rate, estimate_ratio, join
from models.metrics.exposure import GammaPrior, fit_gamma_prior
from models.metrics.grouping import Grouping, choose_groups, make_groupings
from models.metrics.mean import NormalPrior, fit_normal_prior
from models.metrics.profile import Profile
from models.metrics.rate import BetaPrior, fit_beta_prior
from models.metrics.windows import window_sum
from models.risk.residuals import Scores, count_scores, mean_scores, rate_scores, ratio_scores
from models.risk.settings import ResidualSettings
from models.side_by_side import in_order
from pipelines.day import Day
from pipelines.defs.risk.kept_panels import KeptPanels
from pipelines.defs.risk.panel import Merchants, Panel, Panels, blocks_of, days_needed, read_panels
from pipelines.scratch import scratch

FloatArray = npt.NDArray[np.float64]
Prior = BetaPrior | GammaPrior | NormalPrior
Key = tuple[str, int]  # metric and window length in days


@dataclass(frozen=True)
class Estimates:
    """Estimates and conditions by metric and window, and scores by metric, of all merchants.

    `days` holds the scores of single days (merchants, days) of metrics whose `scores` look back on more.
    """

    estimates: dict[Key, Estimate]
    scores: dict[str, Scores]
    days: dict[str, FloatArray]
    priors: dict[Key, Prior]
    conditions: dict[Key, Conditions]


@dataclass(frozen=True)
class _OfMetric:
    """What is found of one metric for the merchants of one block."""

    estimates: dict[Key, Estimate]
    conditions: dict[Key, Conditions]
    scores: Scores
    days: FloatArray | None  # a quotient's doubt is the spread of its days: one day has none


def estimate_all(day: Day, merchants: Merchants, profile: Profile, settings: ResidualSettings) -> Estimates:
    """Estimate every windowed metric of every merchant; metrics of a block side by side."""
    metrics = list(profile.windowed())
    with scratch(day.workspace, "panels") as folder:
        panels = KeptPanels(folder, lambda: _panels(day, merchants, profile, settings))
        priors = fit_priors(panels, merchants, profile)
        blocks = [
            list(in_order(lambda metric, both=both: _of_metric(both, metric, priors, profile, settings, day), metrics))  # type: ignore[misc]
            for both in panels()
        ]
    found = {metric.id: [block[place] for block in blocks] for place, metric in enumerate(metrics)}
    keys = {(metric.id, length): found[metric.id] for metric in metrics for length in metric.windows}
    return Estimates(
        {key: join([part.estimates[key] for part in parts]) for key, parts in keys.items()},
        {metric: _join_scores([part.scores for part in parts]) for metric, parts in found.items()},
        {
            metric: np.concatenate([part.days for part in parts if part.days is not None])
            for metric, parts in found.items()
            if parts[0].days is not None
        },
        priors,
        {key: join_conditions([part.conditions[key] for part in parts]) for key, parts in keys.items()},
    )


def _of_metric(
    both: Panels,
    metric: WindowedMetric,
    priors: dict[Key, Prior],
    profile: Profile,
    settings: ResidualSettings,
    day: Day,
) -> _OfMetric:
    panel = both.of(metric)
    estimates, conditions = {}, {}
    for length in metric.windows:
        key = (metric.id, length)
        estimates[key] = _estimate(panel, metric, length, _part(priors.get(key), panel), profile, day)
        conditions[key] = conditions_of(metric, length, panel.column, panel.stop - panel.start)
    widest = _part(priors.get((metric.id, max(metric.windows))), both.recent)
    single = settings.model_copy(update={"recent_days": 1})
    days = None if isinstance(metric, Ratio) else _score(both.recent, metric, widest, single).z
    return _OfMetric(estimates, conditions, _score(both.recent, metric, widest, settings), days)


def _panels(day: Day, merchants: Merchants, profile: Profile, settings: ResidualSettings) -> Iterator[Panels]:
    days = days_needed(profile, settings.days + settings.recent_days + settings.baseline_days)
    for block in blocks_of(day, merchants):
        yield read_panels(day, merchants, block, days, profile)


def fit_priors(panels: Callable[[], Iterator[Panels]], merchants: Merchants, profile: Profile) -> dict[Key, Prior]:
    """Fit the priors of rates and means over all merchants, each from its own group."""
    sums: dict[Key, list[tuple[FloatArray, ...]]] = {}
    metrics = [metric for metric in profile.windowed() if not isinstance(metric, Ratio)]
    for both in panels():
        for of_metric in in_order(lambda metric, both=both: _window_sums(both.of(metric), metric), metrics):  # type: ignore[misc]
            for key, windows in of_metric.items():
                sums.setdefault(key, []).append(windows)
    groupings = make_groupings(merchants.attributes, profile.priors.groupings)
    fitted: dict[Key, Prior] = {}
    for key, blocks in sums.items():
        joined = [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
        fitted[key] = _fit(joined, groupings, profile, profile.metric(key[0]))
    return fitted


def _window_sums(panel: Panel, metric: WindowedMetric) -> dict[Key, tuple[FloatArray, ...]]:
    parts = _prior_parts(panel, metric)
    return {
        (metric.id, length): tuple(window_sum(part, length, metric.lag) for part in parts) for length in metric.windows
    }


def _prior_parts(panel: Panel, metric: WindowedMetric) -> tuple[FloatArray, ...]:
    if isinstance(metric, Mean):
        total, count, squares = mean_parts(metric, panel.column)
        return total, count, squares
    above, below = day_counts(metric, panel.column)
    return bad_counts(metric, above, below), below


def _fit(sums: list[FloatArray], groupings: tuple[Grouping, ...], profile: Profile, metric: MetricBase) -> Prior:
    count, settings = sums[1], profile.priors
    groups = choose_groups(groupings, np.nan_to_num(count) > 0, settings.minimum)
    if len(sums) == 3:
        return fit_normal_prior(sums[0], sums[2], count, groups)
    per_exposure = isinstance(metric, Rate) and metric.per == "exposure"
    fit = fit_gamma_prior if per_exposure else fit_beta_prior
    return fit(sums[0], count, groups, settings.smallest_strength, settings.largest_strength)


def _part(prior: Prior | None, panel: Panel) -> Prior | None:
    inside = slice(panel.start, panel.stop)
    if isinstance(prior, BetaPrior):
        return BetaPrior(prior.mean[inside], prior.strength[inside])
    if isinstance(prior, GammaPrior):
        return GammaPrior(prior.mean[inside], prior.strength[inside])
    if isinstance(prior, NormalPrior):
        return NormalPrior(prior.mean[inside], prior.between[inside], prior.within[inside])
    return None


def _estimate(
    panel: Panel, metric: WindowedMetric, length: int, prior: Prior | None, profile: Profile, day: Day
) -> Estimate:
    if isinstance(metric, Rate) and isinstance(prior, (BetaPrior, GammaPrior)):
        above, below = day_counts(metric, panel.column)
        counts = count_panel(metric, panel.column, day.as_of)
        ahead = profile.review.days_ahead(day.as_of) if profile.review is not None else None
        return estimate_rate(metric, length, above, below, prior, profile.colouring, day.as_of, counts, ahead)
    if isinstance(metric, Mean) and isinstance(prior, NormalPrior):
        return estimate_mean(metric, length, panel.column, prior, profile.colouring)
    if isinstance(metric, Ratio):
        return estimate_ratio(metric, length, panel.column, profile.colouring)
    raise TypeError(f"metric {metric.id} of kind {type(metric).__name__} has no estimator")


def _score(panel: Panel, metric: WindowedMetric, prior: Prior | None, settings: ResidualSettings) -> Scores:
    higher = metric.better == "higher"
    if isinstance(metric, Mean) and isinstance(prior, NormalPrior):
        total, count, squares = mean_parts(metric, panel.column)
        return mean_scores(total, squares, count, metric.lag, prior, higher, settings)
    above, below = day_counts(metric, panel.column)
    if isinstance(metric, Rate) and isinstance(prior, BetaPrior):
        return rate_scores(bad_counts(metric, above, below), below, metric.lag, prior, settings)
    if isinstance(prior, GammaPrior):
        return count_scores(above, below, metric.lag, prior, settings)
    return ratio_scores(above, below, metric.lag, higher, settings)


def _join_scores(parts: list[Scores]) -> Scores:
    return Scores(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("z", "volume", "expected", "observed", "weight")
        )
    )
