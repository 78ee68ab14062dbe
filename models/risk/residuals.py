"""Directed standardized residuals: how much worse than its own past has a merchant been, in standard deviations.

Positive is worse, always. Each day's recent window is held against the days before it, shrunk to merchants of like
kind; the variance is that of a new sample from the merchant's own distribution, so that a shop with few orders is not
surprised easily. Whether a residual is rare is not read off a normal table: `ranks` compares it with the past.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics.exposure import GammaPrior
from models.metrics.mean import NormalPrior
from models.metrics.rate import BetaPrior
from models.metrics.windows import known_together, rolling_sum
from models.risk.few_events import exact_where_few
from models.risk.settings import ResidualSettings

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Scores of one metric.

    Parameters
    ----------
    z : array (merchants, days)
        Directed residuals, the last day today; NaN where none can be given.
    volume : array (merchants,)
        Usual number of events behind a score; merchants of like volume are ranked among each other.
    expected : array (merchants,)
        What was expected of today's recent window, in the metric's unit.
    observed : array (merchants,)
        What came.
    weight : array (merchants,)
        Events of today's recent window, for sums over groups.
    """

    z: FloatArray
    volume: FloatArray
    expected: FloatArray
    observed: FloatArray
    weight: FloatArray


def _ends(panel: FloatArray, settings: ResidualSettings) -> slice:
    return slice(max(panel.shape[1] - settings.days, 0), panel.shape[1])


def _usual(values: FloatArray) -> FloatArray:
    known = np.sum(~np.isnan(values), axis=1)
    return np.where(known > 0, np.nansum(values, axis=1) / np.maximum(known, 1), np.nan)


def rate_scores(bad: FloatArray, total: FloatArray, lag: int, prior: BetaPrior, settings: ResidualSettings) -> Scores:
    """Score the bad events of each recent window against the beta-binomial of the days before.

    Parameters
    ----------
    bad, total : arrays (merchants, days)
    lag : int
        Days that a cohort needs to mature.
    """

    def variance(seen: FloatArray, mean: FloatArray, strength: FloatArray) -> FloatArray:
        return seen * mean * (1 - mean) * (strength + seen) / (strength + 1)

    return _event_scores(bad, total, lag, prior, settings, variance)


def count_scores(
    events: FloatArray, total: FloatArray, lag: int, prior: GammaPrior, settings: ResidualSettings
) -> Scores:
    """Score the events of each recent window against the negative binomial that the days before predict.

    Parameters
    ----------
    events, total : arrays (merchants, days)
        Bad events and the exposure that they came from; one exposure may bring several.
    lag : int
        Days that a cohort needs to mature.
    """

    def variance(seen: FloatArray, mean: FloatArray, strength: FloatArray) -> FloatArray:
        return seen * mean * (1 + seen / strength)

    return _event_scores(events, total, lag, prior, settings, variance)


def _event_scores(
    events: FloatArray,
    total: FloatArray,
    lag: int,
    prior: BetaPrior | GammaPrior,
    settings: ResidualSettings,
    variance: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
) -> Scores:
    """Score windows of events; `variance` is that of a new window, of its total, its mean and the mean's strength."""
    events, total = known_together(events, total)
    ends, recent_days = _ends(events, settings), settings.recent_days
    came, seen = (rolling_sum(part, recent_days, ends, lag) for part in (events, total))
    past_events, past = (rolling_sum(part, settings.baseline_days, ends, lag + recent_days) for part in (events, total))
    strength = prior.strength[:, None] + past
    mean = (prior.mean[:, None] * prior.strength[:, None] + past_events) / strength
    with np.errstate(divide="ignore", invalid="ignore"):
        expected, spread = seen * mean, variance(seen, mean, strength)
        z = (came - expected) / np.sqrt(spread)
        z = exact_where_few(z, came, expected, spread, settings.few_events, settings.few_from)
        observed = np.where(seen[:, -1] > 0, came[:, -1] / seen[:, -1], np.nan)
    z[seen * prior.mean[:, None] < settings.least_expected] = np.nan
    volume = _usual(np.where(np.isnan(z), np.nan, seen * mean))
    return Scores(np.where(np.isfinite(z), z, np.nan), volume, mean[:, -1], observed, seen[:, -1])


def mean_scores(
    total: FloatArray,
    squares: FloatArray,
    count: FloatArray,
    lag: int,
    prior: NormalPrior,
    higher_is_better: bool,
    settings: ResidualSettings,
) -> Scores:
    """Score the mean of each recent window against the shrunk mean of the days before."""
    total, squares, count = known_together(total, squares, count)
    ends, recent_days = _ends(total, settings), settings.recent_days
    seen, number = (rolling_sum(part, recent_days, ends, lag) for part in (total, count))
    past, past_number = (rolling_sum(part, settings.baseline_days, ends, lag + recent_days) for part in (total, count))
    within, between = prior.within[:, None], prior.between[:, None] + 1e-12
    precision = past_number / within + 1 / between
    mean = (past / within + prior.mean[:, None] / between) / precision
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = seen / number
        z = (observed - mean) / np.sqrt(within / number + 1 / precision)
    z = np.where((number >= settings.least_expected) & np.isfinite(z), -z if higher_is_better else z, np.nan)
    volume = _usual(np.where(np.isnan(z), np.nan, number))
    return Scores(z, volume, mean[:, -1], np.where(number[:, -1] > 0, observed[:, -1], np.nan), number[:, -1])


def ratio_scores(
    numerator: FloatArray, denominator: FloatArray, lag: int, higher_is_better: bool, settings: ResidualSettings
) -> Scores:
    """Score the quotient of each recent window against that of the days before, by the spread of its days."""
    numerator, denominator = known_together(numerator, denominator)
    ends, recent_days, base = _ends(numerator, settings), settings.recent_days, settings.baseline_days
    seen, below = (rolling_sum(part, recent_days, ends, lag) for part in (numerator, denominator))
    known = rolling_sum(np.where(np.isnan(numerator), np.nan, 1.0), recent_days, ends, lag)

    def past(values: FloatArray) -> FloatArray:
        return rolling_sum(values, base, ends, lag + recent_days)

    days = past(np.where(np.isnan(numerator), np.nan, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = past(numerator) / past(denominator)
        squares = past(numerator**2) - 2 * value * past(numerator * denominator) + value**2 * past(denominator**2)
        daily = np.maximum(squares, 0) / (days - 1)
        # the small term keeps a shop that never varied (always in stock) from an infinite surprise
        floor = (1e-3 * value * below) ** 2 + 1e-12
        z = (seen - value * below) / np.sqrt(daily * known * (1 + known / days) + floor)
        observed = seen / below
    usable = (known >= settings.least_days) & (days >= 2 * settings.least_days) & np.isfinite(z)
    z = np.where(usable, -z if higher_is_better else z, np.nan)
    volume = _usual(np.where(np.isnan(z), np.nan, below))
    return Scores(z, volume, value[:, -1], np.where(below[:, -1] > 0, observed[:, -1], np.nan), below[:, -1])


def break_scores(z: FloatArray, actual: FloatArray, mean: FloatArray) -> Scores:
    """Scores of a forecast's own residuals (negative = below the forecast = worse)."""
    volume = _usual(np.where(np.isnan(z), np.nan, mean))
    return Scores(-z, volume, mean[:, -1], actual[:, -1], np.where(np.isnan(actual[:, -1]), np.nan, 1.0))
