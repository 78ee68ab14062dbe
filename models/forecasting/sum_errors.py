"""What a sum of days may miss by, by how many days are in it: closed days promise nothing and steady nothing.

The errors of sums over a week, a fortnight and four weeks are known, and so are those of single days. Independent parts
of the days' errors fade with the number of days n as 1 / n, so that between two known lengths squares are read off
along 1 / n: a week of which six days are closed is as unsure as a day, not as a week.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.forecasting.calibration import Calibration, horizon_groups
from models.forecasting.panel import Floats, Ints
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import SUM_DAYS

LENGTHS = np.array((1, *SUM_DAYS))


class SumErrors(NamedTuple):
    """Quantiles of standardized errors (merchants, sums, 7) and their usual spread (merchants, sums)."""

    z: Floats
    spread: Floats


def sum_errors(calibration: Calibration, stratum: Ints, days: Ints, last_day: int, policy: ForecastPolicy) -> SumErrors:
    """Read the errors of sums off those of single days and of whole weeks.

    Parameters
    ----------
    calibration : Calibration
    stratum : array (merchants,)
        Volume stratum of each merchant.
    days : array (merchants, sums)
        Days on which something is expected.
    last_day : int
        Days ahead of the last day summed: single days are taken from its horizon.
    policy : ForecastPolicy
    """
    place = np.clip(days, LENGTHS[0], LENGTHS[-1]) - 1
    of_lengths = _by_length(calibration, last_day, policy)
    return SumErrors(*(part[stratum[:, None], place] for part in of_lengths))


def _by_length(calibration: Calibration, last_day: int, policy: ForecastPolicy) -> SumErrors:
    """Errors of every stratum by number of days, from one on: (strata, lengths, 7) and (strata, lengths)."""
    of_days = len(policy.calibration.horizons)
    single = int(horizon_groups(last_day, policy.calibration.horizons)[-1])
    groups = np.array((single, *range(of_days, of_days + len(SUM_DAYS))))
    count = np.arange(LENGTHS[0], LENGTHS[-1] + 1)
    upper = np.searchsorted(LENGTHS, count)
    lower = np.maximum(upper - 1, 0)
    step = np.where(upper > lower, 1 / LENGTHS[lower] - 1 / LENGTHS[upper], 1.0)
    part = (1 / count - 1 / LENGTHS[upper]) / step
    low, high = groups[lower], groups[upper]
    z = _between(calibration.z[:, low, 0], calibration.z[:, high, 0], part[:, None])
    return SumErrors(z, _between(calibration.spread[:, low], calibration.spread[:, high], part))


def _between(lower: Floats, upper: Floats, part: Floats) -> Floats:
    """So much of the lower and the rest of the upper, as squares that keep their sign."""
    square = part * lower * np.abs(lower) + (1 - part) * upper * np.abs(upper)
    between: Floats = np.sign(square) * np.sqrt(np.abs(square))
    return between
