"""A metric's panels, day by day: numerator, denominator, bad events, what a platform counts, and the window before."""

from __future__ import annotations

from datetime import date

import numpy as np

from models.metrics.catalogue import Mean, WindowedMetric
from models.metrics.rules import Limit
from models.metrics.windows import ColumnReader, FloatArray, known_together, reaches, window_sum


def day_counts(metric: WindowedMetric, column: ColumnReader) -> tuple[FloatArray, FloatArray]:
    """Numerator and denominator by day, known together; not known on days that do not count (`counts_while`)."""
    above, below = known_together(
        _counted(metric, metric.numerator_expression.evaluate(column), column),
        metric.denominator_expression.evaluate(column),
    )
    return above, below


def _counted(metric: WindowedMetric, values: FloatArray, column: ColumnReader) -> FloatArray:
    """Not known on days on which a shop said that it would be closed: who looks in then cannot buy."""
    if metric.counts_while is None:
        return values
    counted: FloatArray = np.where(column(metric.counts_while) == 0, np.nan, values)
    return counted


def bad_counts(metric: WindowedMetric, above: FloatArray, below: FloatArray) -> FloatArray:
    """Bad events by day: the numerator, or what is missing of the whole where higher is better."""
    return np.maximum(below - above, 0) if metric.better == "higher" else above


def mean_parts(metric: Mean, column: ColumnReader) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Sum, count and sum of squares by day, known together."""
    total, count, squares = known_together(
        _counted(metric, metric.numerator_expression.evaluate(column), column),
        metric.denominator_expression.evaluate(column),
        metric.squares_expression.evaluate(column),
    )
    return total, count, squares


def decisive_limit(metric: WindowedMetric, day: date) -> Limit | None:
    """Limit that decides: the platform's where it has one that holds on the day, else our own."""
    return metric.limit_of("platform", day) or metric.limit_of("own", day)


def count_panel(metric: WindowedMetric, column: ColumnReader, day: date) -> FloatArray | None:
    """What the decisive limit counts, by day; None where it counts nothing."""
    limit = decisive_limit(metric, day)
    return limit.count.expression.evaluate(column) if limit is not None and limit.count is not None else None


def previous_value(above: FloatArray, below: FloatArray, length: int, lag: int) -> FloatArray:
    """Value one window earlier; not known where the panel does not reach back over the whole of it."""
    if not reaches(above, length, lag, length):
        return np.full(above.shape[0], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        previous: FloatArray = window_sum(above, length, lag, length) / window_sum(below, length, lag, length)
    return np.where(np.isfinite(previous), previous, np.nan)
