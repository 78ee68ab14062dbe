"""What is known of one metric in one window, for many merchants: value, interval, probabilities and projection.

One shape for rates, means and ratios, so that limits, peers and tables need not ask what kind a metric is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from models.metrics import exposure, rate
from models.metrics.ahead import ahead_of
from models.metrics.catalogue import Mean, Rate, Ratio, WindowedMetric
from models.metrics.day_counts import bad_counts, day_counts, decisive_limit, mean_parts, previous_value
from models.metrics.exposure import GammaPosterior, GammaPrior, Posterior, Prior
from models.metrics.expression import parse_expression
from models.metrics.mean import NormalPosterior, NormalPrior, shrunk_mean
from models.metrics.platform import counted_in, sum_counted
from models.metrics.profile import Colouring
from models.metrics.projection import WindowDays
from models.metrics.rate import BetaPosterior
from models.metrics.ratio import ratio_posterior
from models.metrics.windows import ColumnReader, known_days, window_slice, window_sum

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Estimate:
    """Arrays (merchants,), values in the metric's own sense; NaN = not known.

    `belief_a`, `belief_b` are alpha and beta of the bad rate (rates), shape and exposure (rates per exposure), or mean
    and deviation (means, ratios). `counted` is what a platform's limit counts beside the rate. `breach_at_review` is
    the probability that the window which the next review sees is over the limit.
    """

    belief: Literal["beta", "gamma", "normal"]
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
    breach_at_review: FloatArray

    @property
    def counts_bad(self) -> bool:
        """Whether there are bad events that a limit may count."""
        return self.belief != "normal"

    def worse_than(self, value: FloatArray | float) -> FloatArray:
        """Probability that the true value is worse than `value` (in the metric's own sense)."""
        if self.belief == "gamma":
            return GammaPosterior(self.belief_a, self.belief_b).probability_over(value)
        if self.belief == "beta":
            limit = 1 - np.asarray(value, dtype=np.float64) if self.higher_is_better else value
            return BetaPosterior(self.belief_a, self.belief_b).probability_over(limit)
        over = NormalPosterior(self.belief_a, self.belief_b).probability_over(value)
        return 1 - over if self.higher_is_better else over


def join(parts: Sequence[Estimate]) -> Estimate:
    """Put the estimates of merchant blocks one after the other."""
    arrays: dict[str, Any] = {
        one.name: np.concatenate([getattr(part, one.name) for part in parts])
        for one in fields(Estimate)
        if one.name not in ("belief", "higher_is_better")
    }
    return replace(parts[0], **arrays)


def _nothing(count: int) -> FloatArray:
    return np.full(count, np.nan)


def estimate_rate(
    metric: Rate,
    length: int,
    above: FloatArray,
    below: FloatArray,
    prior: Prior,
    colouring: Colouring,
    day: date,
    counts: FloatArray | None = None,
    review_ahead: int | None = None,
) -> Estimate:
    """Estimate a rate over one window.

    Parameters
    ----------
    above, below : arrays (merchants, days)
        Numerator and denominator by day.
    prior : BetaPrior or GammaPrior
        Of the bad rate; a GammaPrior for counts per exposure.
    counts : array (merchants, days) or None
        What the platform counts beside the rate.
    review_ahead : int or None
        Days ahead that the next review will see; None where nobody reviews.
    """
    bad_by_day = bad_counts(metric, above, below)
    span = window_slice(above.shape[1], length, metric.lag)
    numerator, total, bad = (window_sum(part, length, metric.lag) for part in (above, below, bad_by_day))
    counted = _nothing(len(above)) if counts is None else sum_counted(bad_by_day[:, span], counts[:, span])
    seen = _RateWindow(numerator, total, bad, counted, previous_value(above, below, length, metric.lag))
    now = _posterior(bad, total, prior)
    estimate = _seen_rate(seen, now, colouring, metric.better == "higher")
    limit = decisive_limit(metric, day)
    if limit is None or limit.red is None:
        return estimate
    by_day = None if counts is None else counted_in(bad_by_day[:, span], counts[:, span])
    days = WindowDays(bad_by_day[:, span], below[:, span], by_day)
    found = ahead_of(metric, limit, days, now, prior, (bad, total, counted), colouring, review_ahead)
    known: dict[str, Any] = {name: np.where(seen.has_data, values, np.nan) for name, values in found.items()}
    return replace(estimate, **known)


class _RateWindow(NamedTuple):
    """Sums of a window, arrays (merchants,)."""

    numerator: FloatArray
    total: FloatArray
    bad: FloatArray
    counted: FloatArray
    previous: FloatArray

    @property
    def has_data(self) -> BoolArray:
        """Merchants with anything that can be bad."""
        result: BoolArray = np.nan_to_num(self.total) > 0
        return result


def _seen_rate(seen: _RateWindow, now: Posterior, colouring: Colouring, higher: bool) -> Estimate:
    """What a window says, nothing of limits yet; `higher` where the rate is one of good events."""
    low, high = now.interval(colouring.interval)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = seen.numerator / seen.total
    nothing = _nothing(len(seen.bad))
    return Estimate(
        "gamma" if isinstance(now, GammaPosterior) else "beta",
        higher,
        seen.numerator,
        seen.total,
        np.where(seen.has_data, observed, np.nan),
        np.where(seen.has_data, 1 - high if higher else low, np.nan),
        np.where(seen.has_data, 1 - low if higher else high, np.nan),
        seen.previous,
        seen.total,
        seen.bad,
        *_parameters(now),
        *(nothing, nothing, nothing, nothing),
        seen.counted,
        nothing,
    )


def _posterior(bad: FloatArray, total: FloatArray, prior: Prior) -> Posterior:
    if isinstance(prior, GammaPrior):
        return exposure.posterior(bad, total, prior)
    return rate.posterior(bad, total, prior)


def _parameters(now: Posterior) -> tuple[FloatArray, FloatArray]:
    return (now.shape, now.strength) if isinstance(now, GammaPosterior) else (now.alpha, now.beta)


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
        "normal",
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
        nothing,
    )
