"""Which merchants a metric and window speak of: those with the volume that the platform asks for, in its look-back.

What is not known is not 0: a volume that nobody delivers stands in no merchant's way, and without it the longer
window is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.metrics.catalogue import WindowedMetric
from models.metrics.expression import Expression
from models.metrics.lights import BoolArray
from models.metrics.windows import ColumnReader, FloatArray, window_sum

TOLERANCE = 1e-9

__all__ = ["Conditions", "conditions_of", "join_conditions"]


@dataclass(frozen=True)
class Conditions:
    """Arrays (merchants,).

    Parameters
    ----------
    applies : array of bool
        Whether the platform looks at this window for the merchant.
    eligible : array of bool
        Whether the merchant has the volume from which on the platform judges.
    """

    applies: BoolArray
    eligible: BoolArray


def conditions_of(metric: WindowedMetric, length: int, column: ColumnReader, count: int) -> Conditions:
    """Conditions of one metric and window for `count` merchants."""
    everyone: BoolArray = np.ones(count, dtype=bool)
    applies = eligible = everyone
    if metric.look_back is not None:
        short = metric.windows[0]
        enough = (
            _volume(metric.look_back.expression, column, short, metric.lag) >= metric.look_back.at_least - TOLERANCE
        )
        applies = enough if length == short else ~enough
    if metric.needs is not None:
        volume = _volume(metric.needs.expression, column, metric.needs.days, 0)
        eligible = np.isnan(volume) | (volume >= metric.needs.at_least - TOLERANCE)
    return Conditions(applies, eligible)


def _volume(expression: Expression, column: ColumnReader, length: int, lag: int) -> FloatArray:
    return window_sum(expression.evaluate(column), length, lag)


def join_conditions(parts: list[Conditions]) -> Conditions:
    """Put the conditions of merchant blocks one after the other."""
    return Conditions(
        np.concatenate([part.applies for part in parts]), np.concatenate([part.eligible for part in parts])
    )
