"""Many merchants at once, of no group that has a name: a feast that no calendar told, a storm, a rival's great sale.

Where a sixth of the merchants falls on one day the median member of no group moves, so that no group test fires; and
yet it is one story and not two hundred. The idea: merchants whose score lies far out are counted, and the count is
held against that of the days before. On a day that far more reach, a score counts for what its rank among the day's
merchants counts on other days: who stands out even from the crowd stays an anomaly, and nobody looks worse than before.
Source: the empirical null of large-scale testing (Efron 2004), taken day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from models.risk.groups import lasting, usual_days
from models.risk.settings import CrowdSettings, IncidentSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SMALLEST = 1e-300
CROWD = "crowd"  # the scope of such an incident; it has no group's name
PLACES = np.array([0.5, 0.75, 0.9, 0.95, 0.98, 0.99])  # quantiles at which a day is held against other days


@dataclass(frozen=True)
class CrowdTests:
    """Tests of one metric's days, arrays (days,), and who lies far out on each, array (merchants, days)."""

    p_value: FloatArray
    fired: BoolArray
    far: BoolArray


class DayScale(NamedTuple):
    """What a day's scores of a stratum count for: `seen` on that day counts as `usual` does on others, both rising."""

    day: int
    stratum: int
    seen: FloatArray
    usual: FloatArray
    additive: bool = False  # beyond the last place: as much less as there, else less by the same share

    def __call__(self, scores: FloatArray) -> FloatArray:
        """Scores (any shape) as they count on other days; never more than they are."""
        counted = np.interp(scores, self.seen, self.usual)
        beyond = scores > self.seen[-1]
        last, usual = self.seen[-1], max(self.usual[-1], 0.0)
        counted[beyond] = scores[beyond] - last + usual if self.additive else scores[beyond] * usual / last
        return np.where(scores > self.seen[0], np.minimum(scores, counted), scores)


def judge_crowds(
    scores: FloatArray,
    strata: IntArray,
    tests: int,
    memory_days: int,
    settings: IncidentSettings,
    crowd: CrowdSettings | None = None,
) -> CrowdTests:
    """Count the merchants far out on each day, and hold the counts against those of the other days.

    Parameters
    ----------
    scores : array (merchants, days)
        Directed residuals without what groups did, high is bad.
    strata : array (merchants,)
        Merchants of like volume: how far is far out is asked of their own past.
    tests : int
        Tests made on a day over all metrics; each is paid for (Bonferroni).
    memory_days : int
        Days that one score looks back on: overlapping scores count as fewer independent days.
    crowd : CrowdSettings, optional
        Others than `settings.crowd`.
    """
    crowd, known = crowd or settings.crowd, ~np.isnan(scores)
    with np.errstate(invalid="ignore"):
        far = scores > _far_out(scores, strata, crowd.far)[:, None]
    number, of = far.sum(axis=0), known.sum(axis=0)
    # Roots of counts have about the same variance, one quarter, whatever is expected.
    excess = 2 * (np.sqrt(number + 0.375) - np.sqrt(of * (1 - crowd.far) + 0.375))
    excess = np.where(of >= settings.least_members, excess, np.nan)
    usual, spread = (part[0] for part in usual_days(excess[None, :]))
    days = int(np.sum(~np.isnan(excess[:-1])))
    p_value = special.stdtr(max(days / memory_days - 1, 2), -(excess - usual) / max(spread, 1.0))
    many = (number >= np.maximum(crowd.least_merchants, crowd.least_share * of)) & (days >= settings.least_days)
    fired = lasting((many & (p_value * max(tests, 1) <= settings.q))[None], (many & (p_value <= settings.q))[None])[0]
    return CrowdTests(p_value, fired, far)


def _far_out(scores: FloatArray, strata: IntArray, place: float) -> FloatArray:
    """Score that each merchant's stratum hardly ever reaches, array (merchants,); infinite without a past."""
    level = np.full(len(scores), np.inf)
    for stratum in np.unique(strata):
        past = scores[strata == stratum, :-1]
        if (past := past[~np.isnan(past)]).size:
            level[strata == stratum] = np.quantile(past, place)
    return level


def day_scales(scores: FloatArray, tests: CrowdTests, strata: IntArray, settings: IncidentSettings) -> list[DayScale]:
    """For every day with a crowd and every stratum: what its scores count for on days without one."""
    found: list[DayScale] = []
    if not tests.fired.any() or tests.fired.all():
        return found
    for stratum in np.unique(strata):
        of_stratum = scores[strata == stratum]
        calm = of_stratum[:, ~tests.fired]
        calm = calm[~np.isnan(calm)]
        usual = np.quantile(calm, PLACES) if calm.size else None
        for day in np.flatnonzero(tests.fired):
            today = of_stratum[~np.isnan(of_stratum[:, day]), day]
            if usual is None or len(today) < settings.least_members:
                continue
            seen = np.quantile(today, PLACES)
            if seen[-1] > max(usual[-1], 0):
                found.append(DayScale(int(day), int(stratum), seen, usual))
    return found


def without_crowd(scores: FloatArray, scales: list[DayScale], strata: IntArray) -> FloatArray:
    """Scores as they count on days without a crowd, array (merchants, days)."""
    left = scores.copy()
    for scale in scales:
        rows = strata == scale.stratum
        left[rows, scale.day] = scale(scores[rows, scale.day])
    return left


def judge_evidence(
    p_value: FloatArray, strata: IntArray, tests: int, settings: IncidentSettings
) -> tuple[CrowdTests, list[DayScale]]:
    """Whether far more merchants than promised have a small p-value today, and what p-values count for then.

    Weeks that are somewhat low for many leave no score far out on any one day, but gather in sums over days.

    Parameters
    ----------
    p_value : array (merchants, days)
        Of all detectors of a metric together, the last day today.

    Returns
    -------
    CrowdTests, and the scales of today's strata (of `evidence`); none where today has no crowd
    """
    told = evidence(p_value)
    found = judge_crowds(told, strata, tests, 1, settings, settings.crowd_of_evidence)
    today = p_value.shape[1] - 1
    scales = day_scales(told, found, strata, settings) if found.fired[-1] else []
    # p-values beyond the last place are too small by the factor of that place, and by no more.
    return found, [scale._replace(additive=True) for scale in scales if scale.day == today]


def evidence(p_value: FloatArray) -> FloatArray:
    """Evidence that grows as a p-value falls: its negative logarithm."""
    told: FloatArray = -np.log(np.maximum(p_value, SMALLEST))
    return told


def in_crowd_p(p_value: FloatArray, scales: list[DayScale], strata: IntArray) -> FloatArray:
    """p-values (merchants, days) as they count where a crowd is told once."""
    if not scales:
        return p_value
    counted: FloatArray = np.exp(-without_crowd(evidence(p_value), scales, strata))
    return counted


def standing_members(far: BoolArray, fired: BoolArray, resolve_days: int) -> BoolArray:
    """Who belongs to the crowd that stands on each day, array (merchants, days).

    It stands until it has been quiet for `resolve_days`; whoever was far out on one of its days belongs to it, and an
    alert of theirs is told with it.
    """
    members, quiet = np.zeros_like(far), resolve_days
    for day, fires in enumerate(fired):
        quiet = 0 if fires else quiet + 1
        if quiet < resolve_days:
            members[:, day] = (members[:, day - 1] if day else False) | (far[:, day] & fires)
    return members
