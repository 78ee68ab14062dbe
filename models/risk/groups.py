"""Is a whole group in trouble? Then its members are not: the group's effect is taken off before they are judged.

A group's mean score moves from day to day far more than independent members would let it, so that each group is held
against its own past days, not against theory alone. Where a group fires, its members of like volume are centred and
scaled to one another: only what is left is a merchant's own anomaly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from models.metrics.grouping import Grouping
from models.risk.settings import IncidentSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

NORMAL_MAD = 1.4826  # median absolute deviation of a normal distribution is 1 / 1.4826 of its standard deviation


@dataclass(frozen=True)
class GroupTests:
    """Tests of one metric's groups, each array (groups, days)."""

    p_value: FloatArray
    effect: FloatArray
    members: IntArray
    fired: BoolArray


def judge_groups(
    scores: FloatArray, grouping: Grouping, tests: int, memory_days: int, settings: IncidentSettings
) -> GroupTests:
    """Test each group's mean score of each day against its other days.

    Parameters
    ----------
    scores : array (merchants, days)
        Directed residuals, high is bad.
    tests : int
        Tests made on a day over all groups and metrics; each is paid for (Bonferroni).
    memory_days : int
        Days that one score looks back on: overlapping scores count as fewer independent days.
    """
    clipped = np.clip(scores, -settings.winsor, settings.winsor)
    known = ~np.isnan(clipped)
    counts = _by_group(known.astype(np.float64), grouping)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = _by_group(np.where(known, clipped, 0.0), grouping) / counts
    means = np.where(counts >= settings.least_members, means, np.nan)
    usual, spread = usual_days(means)
    by_chance = 1 / np.sqrt(np.maximum(counts, 1))  # scores have a variance near one
    days = np.sum(~np.isnan(means[:, :-1]), axis=1)
    statistic = (means - usual[:, None]) / np.maximum(spread[:, None], by_chance)
    freedom = np.maximum(days / memory_days - 1, 2)[:, None]
    p_value = special.stdtr(freedom, -statistic)
    effect = _medians(scores, grouping, means, settings.least_effect)
    enough = (days >= settings.least_days)[:, None] & ~np.isnan(means)
    moved = enough & (effect >= settings.least_effect)
    fired = lasting(moved & (p_value * max(tests, 1) <= settings.q), moved & (p_value <= settings.q))
    return GroupTests(np.where(enough, p_value, np.nan), effect, counts.astype(np.int64), fired)


def lasting(opens: BoolArray, goes_on: BoolArray) -> BoolArray:
    """Days from one that opens while each next one goes on, arrays (groups, days).

    A trouble that was sure yesterday needs less to be believed today: it is one test, not one among all of the day's.
    """
    lasting = opens.copy()
    for day in range(1, lasting.shape[1]):
        lasting[:, day] |= lasting[:, day - 1] & goes_on[:, day]
    return lasting


def _by_group(values: FloatArray, grouping: Grouping) -> FloatArray:
    merchants = np.arange(len(values))
    members = sparse.csr_array((np.ones(len(values)), (grouping.codes, merchants)), (grouping.size, len(values)))
    total: FloatArray = members @ values
    return total


def usual_days(means: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Median and robust spread of each group's past days."""
    past = means[:, :-1]
    some = ~np.isnan(past).all(axis=1)
    usual, spread = np.full(len(means), np.nan), np.full(len(means), np.nan)
    usual[some] = np.nanmedian(past[some], axis=1)
    spread[some] = NORMAL_MAD * np.nanmedian(np.abs(past[some] - usual[some, None]), axis=1)
    return usual, spread


def _medians(scores: FloatArray, grouping: Grouping, means: FloatArray, least: float) -> FloatArray:
    """Median member score where the mean is already high enough to matter; the mean elsewhere."""
    effect = means.copy()
    for group, day in np.argwhere(np.nan_to_num(means) >= least / 2):
        effect[group, day] = np.nanmedian(scores[grouping.codes == group, day])
    return effect


def without_group_effect(scores: FloatArray, tests: GroupTests, grouping: Grouping, strata: IntArray) -> FloatArray:
    """Scores of the members of groups that fired, centred and scaled within group and volume stratum.

    A shock moves a large shop's score further than a small one's, so that one number per group would not do.
    """
    corrected = scores.copy()
    for group, day in np.argwhere(tests.fired):
        members = np.flatnonzero(grouping.codes == group)
        for stratum in np.unique(strata[members]):
            rows = members[strata[members] == stratum]
            values = scores[rows, day]
            if np.isnan(values).all():
                continue
            centre = np.nanmedian(values)
            spread = max(1.0, NORMAL_MAD * float(np.nanmedian(np.abs(values - centre))))
            corrected[rows, day] = (values - centre) / spread
    return corrected


def fired_members(tests: GroupTests, grouping: Grouping) -> BoolArray:
    """Whether each merchant's group fired on each day, array (merchants, days)."""
    members: BoolArray = tests.fired[grouping.codes]
    return members
