"""Scores without what whole groups did, and what is told of the groups that moved.

The idea: groups are tested from the widest to the narrowest, each on what the wider ones left, and at last crowds that
are no group, so that only what is left at the end is a merchant's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from models.metrics.grouping import Grouping
from models.risk import groups
from models.risk.crowds import (
    CROWD,
    SMALLEST,
    CrowdTests,
    day_scales,
    in_crowd_p,
    judge_crowds,
    judge_evidence,
    without_crowd,
)
from models.risk.incidents import Finding
from models.risk.residuals import Scores
from models.risk.scored import ScoredMetric
from models.risk.settings import IncidentSettings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]

WHOLE, UNNAMED = "platform", "all"  # the scope of everybody, and the label of what has no name


def own_part(
    scores: FloatArray,
    groupings: Mapping[str, Grouping],
    strata: IntArray,
    memory_days: int,
    settings: IncidentSettings,
) -> FloatArray:
    """Scores without what groups and crowds did, from the widest to the narrowest; nothing is reported of them."""
    for scope in settings.scopes:
        if (grouping := groupings.get(scope)) is not None:
            scores, _ = _judged(scores, grouping, scope, grouping.size, memory_days, strata, settings)
    tests = judge_crowds(scores, strata, 1, memory_days, settings)
    return without_crowd(scores, day_scales(scores, tests, strata, settings), strata)


def _judged(
    scores: FloatArray,
    grouping: Grouping,
    scope: str,
    tests_made: int,
    memory_days: int,
    strata: IntArray,
    settings: IncidentSettings,
) -> tuple[FloatArray, groups.GroupTests]:
    """Scores without what the groups of a scope did, and their tests.

    Merchants without a group (no carrier is known, say) are no group together.
    """
    tests = groups.judge_groups(scores, grouping, tests_made, memory_days, settings)
    if scope != WHOLE and UNNAMED in grouping.labels:
        tests.fired[grouping.labels.index(UNNAMED)] = False
    return groups.without_group_effect(scores, tests, grouping, strata), tests


@dataclass
class Inside:
    """Which group fired for whom: today's widest (its name), and on which days any did (merchants, days)."""

    scope: TextArray
    fired: BoolArray

    def add(self, fired: BoolArray, label: TextArray) -> None:
        """Add a narrower scope's days; `label` names each merchant's group."""
        today = fired[:, -1] & (self.scope == "")
        self.scope[today] = label[today]
        self.fired |= fired


def without_groups(
    scored: Sequence[ScoredMetric], groupings: Mapping[str, Grouping], strata: IntArray, settings: IncidentSettings
) -> tuple[dict[str, FloatArray], dict[str, Inside], list[Finding]]:
    """Test the groups from the widest to the narrowest, each on what the wider ones left, and then for crowds."""
    corrected = {one.metric: one.tested for one in scored}
    inside = {
        one.metric: Inside(np.full(len(strata), "", dtype=object), np.zeros(one.scores.z.shape, dtype=bool))
        for one in scored
    }
    memory = {one.metric: one.memory_days if one.tested_on is None else settings.window_days for one in scored}
    findings: list[Finding] = []
    for scope in settings.scopes:
        grouping = groupings.get(scope)
        if grouping is None:
            continue
        for one in scored:
            made = grouping.size * len(scored)
            corrected[one.metric], tests = _judged(
                corrected[one.metric], grouping, scope, made, memory[one.metric], strata, settings
            )
            label = np.array([f"{scope}:{name}" for name in grouping.labels], dtype=object)
            inside[one.metric].add(groups.fired_members(tests, grouping), label[grouping.codes])
            if one.incident:
                findings.extend(_findings(one, scope, tests, grouping))
    for one in scored:
        before = corrected[one.metric]
        crowd = judge_crowds(before, strata, len(scored), memory[one.metric], settings)
        corrected[one.metric] = without_crowd(before, day_scales(before, crowd, strata, settings), strata)
        inside[one.metric].add(crowd.far & crowd.fired, np.full(len(strata), f"{CROWD}:{UNNAMED}", dtype=object))
        if one.incident and crowd.fired[-1]:
            findings.append(_crowd_finding(one, before[:, -1], crowd))
    return corrected, inside, findings


def without_crowds_of_evidence(
    scored: Sequence[ScoredMetric],
    p_values: Mapping[str, FloatArray],
    strata: Mapping[str, IntArray],
    inside: Mapping[str, Inside],
    settings: IncidentSettings,
) -> tuple[dict[str, FloatArray], list[Finding]]:
    """p-values by metric where more merchants than promised have small ones today, with what is told of them.

    Parameters
    ----------
    p_values : mapping of metric to array (merchants, days)
    strata : mapping of metric to array (merchants,)
    inside : mapping of metric to Inside
        Members of a crowd are added.
    """
    counted, findings = dict(p_values), []
    for one in scored:
        p_value, alike = p_values[one.metric], strata[one.metric]
        crowd, scales = judge_evidence(p_value, alike, len(scored), settings)
        if not scales:
            continue
        counted[one.metric] = in_crowd_p(p_value, scales, alike)
        today = np.zeros_like(crowd.far)
        today[:, -1] = crowd.far[:, -1]
        inside[one.metric].add(today, np.full(len(alike), f"{CROWD}:{UNNAMED}", dtype=object))
        if one.incident:
            findings.append(_crowd_finding(one, _deviations(one.tested[:, -1], p_value[:, -1]), crowd))
    return counted, findings


def _deviations(z: FloatArray, p_value: FloatArray) -> FloatArray:
    """Scores of the day; where a metric has none (its orders are too young), what its p-value is worth."""
    deviations: FloatArray = np.where(np.isnan(z), -ndtri(np.clip(p_value, SMALLEST, 1.0)), z)
    return deviations


def _crowd_finding(one: ScoredMetric, today: FloatArray, crowd: CrowdTests) -> Finding:
    """Told of those who lie far out; the others are not in it."""
    members = crowd.far[:, -1]
    effect, p_value, number = float(np.nanmedian(today[members])), float(crowd.p_value[-1]), int(members.sum())
    return Finding(CROWD, UNNAMED, one.leg, one.metric, effect, p_value, number, *_sums(one.scores, members))


def _findings(one: ScoredMetric, scope: str, tests: groups.GroupTests, grouping: Grouping) -> list[Finding]:
    found = []
    for group in np.flatnonzero(tests.fired[:, -1]):
        members = grouping.codes == group
        observed, expected = _sums(one.scores, members)
        found.append(
            Finding(
                scope,
                grouping.labels[group],
                one.leg,
                one.metric,
                float(tests.effect[group, -1]),
                float(tests.p_value[group, -1]),
                int(tests.members[group, -1]),
                observed,
                expected,
            )
        )
    return found


def _sums(scores: Scores, members: npt.NDArray[np.bool_]) -> tuple[float | None, float | None]:
    """Weighted mean of what came and what was expected; a plain sum where the weights are all one (volumes)."""
    known = members & ~np.isnan(scores.observed) & ~np.isnan(scores.expected) & (np.nan_to_num(scores.weight) > 0)
    if not known.any():
        return None, None
    weight = scores.weight[known]
    scale = 1.0 if (weight == 1).all() else 1 / weight.sum()
    return float((scores.observed[known] * weight).sum() * scale), float(
        (scores.expected[known] * weight).sum() * scale
    )
