"""What is known of one metric in one window, for many merchants: value, interval, probabilities and projection.

One shape for rates, means and ratios, so that limits, peers and tables need not ask what kind a metric is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from models.metrics.catalogue import Mean, Rate, Ratio, WindowedMetric
from models.metrics.day_counts import bad_counts, day_counts, decisive_limit, mean_parts, previous_value
from models.metrics.expression import parse_expression
from models.metrics.mean import NormalPosterior, NormalPrior, shrunk_mean
from models.metrics.platform import PlatformRule, counted_in, sum_counted
from models.metrics.profile import Colouring
from models.metrics.projection import WindowDays, breach_probability, days_to_breach, recent_posterior
from models.metrics.rate import BetaPosterior, BetaPrior, posterior
from models.metrics.ratio import ratio_posterior
from models.metrics.until import good_under_own_limit, more_bad_over_own_limit
from models.metrics.windows import ColumnReader, known_days, window_slice, window_sum

FloatArray = npt.NDArray[np.float64]
RECENT_SHARE = 4  # the recent rate is that of the last quarter of the window, at least a week


@dataclass(frozen=True)
class Estimate:
    """Arrays (merchants,), values in the metric's own sense; NaN = not known.

    `belief_a`, `belief_b` are alpha and beta of the bad rate (rates), or mean and deviation (means, ratios). `counted`
    is what a platform's limit counts beside the rate.
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
    counted: FloatArray

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


def _nothing(count: int) -> FloatArray:
    return np.full(count, np.nan)


def estimate_rate(
    metric: Rate,
    length: int,
    above: FloatArray,
    below: FloatArray,
    prior: BetaPrior,
    colouring: Colouring,
    day: date,
    counts: FloatArray | None = None,
) -> Estimate:
    """Estimate a rate over one window.

    Parameters
    ----------
    above, below : arrays (merchants, days)
        Numerator and denominator by day.
    prior : BetaPrior
        Of the bad rate.
    counts : array (merchants, days) or None
        What the platform counts beside the rate.
    """
    higher = metric.better == "higher"
    numerator, total = window_sum(above, length, metric.lag), window_sum(below, length, metric.lag)
    bad_by_day = bad_counts(metric, above, below)
    bad = window_sum(bad_by_day, length, metric.lag)
    now = posterior(bad, total, prior)
    low, high = now.interval(colouring.interval)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = numerator / total
    has_data = np.nan_to_num(total) > 0
    span = window_slice(above.shape[1], length, metric.lag)
    counted = _nothing(len(bad)) if counts is None else sum_counted(bad_by_day[:, span], counts[:, span])
    estimate = Estimate(
        True,
        higher,
        numerator,
        total,
        np.where(has_data, observed, np.nan),
        np.where(has_data, 1 - high if higher else low, np.nan),
        np.where(has_data, 1 - low if higher else high, np.nan),
        previous_value(above, below, length, metric.lag),
        total,
        bad,
        now.alpha,
        now.beta,
        _nothing(len(bad)),
        _nothing(len(bad)),
        _nothing(len(bad)),
        _nothing(len(bad)),
        counted,
    )
    by_day = None if counts is None else counted_in(bad_by_day[:, span], counts[:, span])
    days = WindowDays(bad_by_day[:, span], below[:, span], by_day)
    return _with_outlook(estimate, metric, days, now, prior, colouring, day)


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
    limit = decisive_limit(metric, day)
    if limit is None or limit.red is None:
        return estimate
    higher = estimate.higher_is_better
    red = 1 - limit.red if higher else limit.red
    recent = recent_posterior(days, now, max(days.bad.shape[1] // RECENT_SHARE, 7))
    rule = PlatformRule.of(limit, higher)
    follow = None
    if limit.kind == "platform":
        counts = (estimate.bad, estimate.denominator, estimate.counted)
        more, good = rule.more_bad_until_breach(*counts), rule.good_until_allowed(*counts)
        half, whole = colouring.breach_days // 2, colouring.breach_days
        breach = np.maximum(*(breach_probability(days, recent, rule, ahead) for ahead in (half, whole)))
    else:
        more = more_bad_over_own_limit(now, estimate.bad, red, colouring.red_probability, metric.min_bad)
        rules = [(red, colouring.red_probability)]
        if limit.amber is not None:
            rules.append((1 - limit.amber if higher else limit.amber, colouring.amber_probability))
        asked = np.any([now.probability_over(at) >= probability for at, probability in rules], axis=0)
        good = good_under_own_limit(now, rules, asked)
        breach = recent.probability_over(red)
        follow = prior
    until = days_to_breach(days, recent, rule, 2 * colouring.breach_days, follow)
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
    previous = previous_value(total, count, length, metric.lag)
    return _from_normal(metric, sums[0], sums[2], observed, previous, sums[2], belief, low, high)


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
    before = previous_value(above, below, length, metric.lag)
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
        previous,
        sample,
        nothing,
        belief.mean,
        belief.deviation,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
    )
