"""What is known of one metric in one window, for many merchants: value, interval, probabilities and projection.

One shape for rates, means and ratios, so that limits, peers and tables need not ask what kind a metric is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from models.metrics.catalogue import Mean, Rate, Ratio, WindowedMetric
from models.metrics.expression import parse_expression
from models.metrics.mean import NormalPosterior, NormalPrior, shrunk_mean
from models.metrics.profile import Colouring
from models.metrics.projection import WindowDays, breach_probability, days_to_breach, recent_posterior
from models.metrics.rate import BetaPosterior, BetaPrior, posterior
from models.metrics.ratio import ratio_posterior
from models.metrics.until import (
    good_under_own_limit,
    good_under_platform_limit,
    more_bad_over_own_limit,
    more_bad_over_platform_limit,
)
from models.metrics.windows import known_days, known_together, window_slice, window_sum

FloatArray = npt.NDArray[np.float64]
ColumnReader = Callable[[str], FloatArray]
RECENT_SHARE = 4  # the recent rate is that of the last quarter of the window, at least a week


@dataclass(frozen=True)
class Estimate:
    """Arrays (merchants,), values in the metric's own sense; NaN = not known.

    `belief_a`, `belief_b` are alpha and beta of the bad rate (rates), or mean and deviation (means, ratios).
    """

    is_beta: bool
    higher_is_better: bool
    numerator: FloatArray
    denominator: FloatArray
    observed: FloatArray
    low: FloatArray
    high: FloatArray
    previous: FloatArray
    sample: FloatArray
    bad: FloatArray
    belief_a: FloatArray
    belief_b: FloatArray
    more_bad_until_red: FloatArray
    good_until_green: FloatArray
    breach: FloatArray
    days_to_breach: FloatArray

    def worse_than(self, value: FloatArray | float) -> FloatArray:
        """Probability that the true value is worse than `value` (in the metric's own sense)."""
        if self.is_beta:
            limit = 1 - np.asarray(value, dtype=np.float64) if self.higher_is_better else value
            return BetaPosterior(self.belief_a, self.belief_b).probability_over(limit)
        over = NormalPosterior(self.belief_a, self.belief_b).probability_over(value)
        return 1 - over if self.higher_is_better else over


def join(parts: Sequence[Estimate]) -> Estimate:
    """Put the estimates of merchant blocks one after the other."""
    arrays: dict[str, Any] = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts])
        for one in fields(Estimate)
        if one.name not in ("is_beta", "higher_is_better")
    }
    return replace(parts[0], **arrays)


def day_counts(metric: WindowedMetric, column: ColumnReader) -> tuple[FloatArray, FloatArray]:
    """Numerator and denominator by day, known together."""
    numerator = metric.numerator_expression.evaluate(column)
    above, below = known_together(numerator, metric.denominator_expression.evaluate(column))
    return above, below


def bad_counts(metric: WindowedMetric, above: FloatArray, below: FloatArray) -> FloatArray:
    """Bad events by day: the numerator, or what is missing of the whole where higher is better."""
    return np.maximum(below - above, 0) if metric.better == "higher" else above


def _nothing(count: int) -> FloatArray:
    return np.full(count, np.nan)


def estimate_rate(
    metric: Rate, length: int, above: FloatArray, below: FloatArray, prior: BetaPrior, colouring: Colouring, day: date
) -> Estimate:
    """Estimate a rate over one window.

    Parameters
    ----------
    above, below : arrays (merchants, days)
        Numerator and denominator by day.
    prior : BetaPrior
        Of the bad rate.
    """
    higher = metric.better == "higher"
    numerator, total = window_sum(above, length, metric.lag), window_sum(below, length, metric.lag)
    bad_by_day = bad_counts(metric, above, below)
    bad = window_sum(bad_by_day, length, metric.lag)
    now = posterior(bad, total, prior)
    low, high = now.interval(colouring.interval)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = numerator / total
        previous = window_sum(above, length, metric.lag, length) / window_sum(below, length, metric.lag, length)
    has_data = np.nan_to_num(total) > 0
    estimate = Estimate(
        True,
        higher,
        numerator,
        total,
        np.where(has_data, observed, np.nan),
        np.where(has_data, 1 - high if higher else low, np.nan),
        np.where(has_data, 1 - low if higher else high, np.nan),
        np.where(np.isfinite(previous), previous, np.nan),
        total,
        bad,
        now.alpha,
        now.beta,
        _nothing(len(bad)),
        _nothing(len(bad)),
        _nothing(len(bad)),
        _nothing(len(bad)),
    )
    span = window_slice(above.shape[1], length, metric.lag)
    return _with_outlook(estimate, metric, WindowDays(bad_by_day[:, span], below[:, span]), now, prior, colouring, day)


def _with_outlook(
    estimate: Estimate,
    metric: Rate,
    days: WindowDays,
    now: BetaPosterior,
    prior: BetaPrior,
    colouring: Colouring,
    day: date,
) -> Estimate:
    """Add what is left until red, what brings back green, and where the rate is going."""
    limit = metric.limit_of("platform", day) or metric.limit_of("own", day)
    if limit is None or limit.red is None:
        return estimate
    higher = estimate.higher_is_better
    red = 1 - limit.red if higher else limit.red
    recent = recent_posterior(days, now, max(days.bad.shape[1] // RECENT_SHARE, 7))
    if limit.kind == "platform":
        more = more_bad_over_platform_limit(estimate.bad, estimate.denominator, red)
        good = good_under_platform_limit(estimate.bad, estimate.denominator, red)
        half, whole = colouring.breach_days // 2, colouring.breach_days
        breach = np.maximum(*(breach_probability(days, recent, red, ahead) for ahead in (half, whole)))
        follow = None
    else:
        more = more_bad_over_own_limit(now, estimate.bad, red, colouring.red_probability, metric.min_bad)
        rules = [(red, colouring.red_probability)]
        if limit.amber is not None:
            rules.append((1 - limit.amber if higher else limit.amber, colouring.amber_probability))
        asked = np.any([now.probability_over(at) >= probability for at, probability in rules], axis=0)
        good = good_under_own_limit(now, rules, asked)
        breach = recent.probability_over(red)
        follow = prior
    until = days_to_breach(days, recent, red, 2 * colouring.breach_days, follow)
    known = ~np.isnan(estimate.observed)
    values = {"more_bad_until_red": more, "good_until_green": good, "breach": breach, "days_to_breach": until}
    masked: dict[str, Any] = {name: np.where(known, value, np.nan) for name, value in values.items()}
    return replace(estimate, **masked)


def estimate_mean(
    metric: Mean, length: int, column: ColumnReader, prior: NormalPrior, colouring: Colouring
) -> Estimate:
    """Estimate a mean over one window."""
    total, count, squares = mean_parts(metric, column)
    sums = [window_sum(part, length, metric.lag) for part in (total, squares, count)]
    belief = shrunk_mean(sums[0], sums[1], sums[2], prior)
    low, high = belief.interval(colouring.interval)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = sums[0] / sums[2]
        previous = window_sum(total, length, metric.lag, length) / window_sum(count, length, metric.lag, length)
    return _from_normal(metric, sums[0], sums[2], observed, previous, sums[2], belief, low, high)


def mean_parts(metric: Mean, column: ColumnReader) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sum, count and sum of squares by day, known together."""
    total, count, squares = known_together(
        metric.numerator_expression.evaluate(column),
        metric.denominator_expression.evaluate(column),
        metric.squares_expression.evaluate(column),
    )
    return total, count, squares


def estimate_ratio(metric: Ratio, length: int, column: ColumnReader, colouring: Colouring) -> Estimate:
    """Estimate a quotient over one window, its doubt by blocks of days."""
    above, below = day_counts(metric, column)
    span = window_slice(above.shape[1], length, metric.lag)
    scale = float(length) if metric.per_window else 1.0
    belief = ratio_posterior(above[:, span], below[:, span], scale)
    low, high = belief.interval(colouring.interval)
    numerator, denominator = window_sum(above, length, metric.lag), window_sum(below, length, metric.lag)
    sample = denominator
    if metric.size:
        size = parse_expression(metric.size).evaluate(column)
        sample = window_sum(size, length, metric.lag)
        if metric.size_is == "mean":
            sample = sample / np.maximum(known_days(size, length, metric.lag), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        before = window_sum(above, length, metric.lag, length) / window_sum(below, length, metric.lag, length)
    return _from_normal(metric, numerator, denominator, belief.mean, before * scale, sample, belief, low, high)


def _from_normal(
    metric: WindowedMetric,
    numerator: FloatArray,
    denominator: FloatArray,
    observed: FloatArray,
    previous: FloatArray,
    sample: FloatArray,
    belief: NormalPosterior,
    low: FloatArray,
    high: FloatArray,
) -> Estimate:
    known = np.isfinite(observed)
    nothing = _nothing(len(observed))

    def masked(values: FloatArray) -> FloatArray:
        return np.where(known & np.isfinite(values), values, np.nan)

    return Estimate(
        False,
        metric.better == "higher",
        numerator,
        denominator,
        masked(observed),
        masked(low),
        masked(high),
        np.where(np.isfinite(previous), previous, np.nan),
        sample,
        nothing,
        belief.mean,
        belief.deviation,
        nothing,
        nothing,
        nothing,
        nothing,
    )
