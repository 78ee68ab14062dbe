"""What came against what was forecast: a break is a day (or some of the last days) below a quantile of the forecast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.metrics.catalogue import BreakRule
from models.metrics.lights import BoolArray, LightArray, light

FloatArray = npt.NDArray[np.float64]


def below(actual: FloatArray, quantile: FloatArray) -> BoolArray:
    """Days below the quantile; days without either are not."""
    return np.nan_to_num(actual, nan=np.inf) < np.nan_to_num(quantile, nan=-np.inf)


def meets(rule: BreakRule, low: BoolArray | None, passes_control: BoolArray) -> BoolArray:
    """Whether a rule is met.

    Parameters
    ----------
    low : array (merchants, days) or None
        Days below the rule's quantile, the last one today.
    passes_control : array (merchants,)
        Whether today's p-value passes the day's false-discovery control.
    """
    met = np.ones(len(passes_control), dtype=bool)
    if rule.quantile is not None and low is not None:
        # Today must be among them: what is over by now is no news.
        met &= low[:, -1] & (low[:, -rule.of :].sum(axis=1) >= rule.days)
    if rule.control:
        met &= passes_control
    return met


def break_light(
    amber: BreakRule, red: BreakRule, low: dict[str, BoolArray], passes_control: BoolArray, known: BoolArray
) -> LightArray:
    """Light of a break from the days below each quantile (`low["q10"]`, `low["q025"]`)."""

    def met(rule: BreakRule) -> BoolArray:
        return meets(rule, low[rule.quantile] if rule.quantile else None, passes_control)

    return light(met(red), met(amber), known)
