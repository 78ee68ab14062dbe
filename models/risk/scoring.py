"""The chain from scores to evidence: groups first, then each merchant's own p-values, legs, and the whole pattern.

Pure arrays in, pure arrays out; `pipelines` reads the scores and writes what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.metrics.grouping import Grouping
from models.risk import groups
from models.risk.combination import leg_score
from models.risk.detection import Detection, detect
from models.risk.incidents import Finding
from models.risk.oddness import either, oddness
from models.risk.ranks import calibrate, volume_strata
from models.risk.residuals import Scores
from models.risk.rises import rise
from models.risk.settings import IncidentSettings, RiskSettings
from models.risk.trimming import any_trouble

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]

ODDNESS = "oddness"
DAY = "day"
WEEK, DRIFT = "week", "drift"  # scores over seven days, and of seven days against the level of four weeks before
WHOLE, UNNAMED = "platform", "all"  # the scope of everybody, and the label of what has no name


@dataclass(frozen=True)
class ScoredMetric:
    """A metric with its scores, its leg, and how many days one score looks back on.

    `incident` says whether a group that moves is an incident; its effect is taken off in any case. `light_days` is how
    many days of scores the metric's light is read from. `days` are scores of single days (merchants, days) for the
    detectors where those of `scores` look back on more; `windows` are scores over several days, by name, that join
    them.
    """

    metric: str
    leg: str
    scores: Scores
    memory_days: int
    incident: bool = True
    light_days: int = 1
    days: FloatArray | None = None
    windows: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True)
class MetricEvidence:
    """Today's evidence of one metric: group effects taken off, calibrated.

    `in_group` says whose group fired on one of the days that the light is read from: the echo of an incident is no
    trouble of the merchant's own. `detector` names the detector that says most, `changed` how many days ago today's
    drift began (-1: none stands).
    """

    z: FloatArray
    p_value: FloatArray
    scope: TextArray
    in_group: BoolArray
    detector: TextArray
    changed: IntArray


@dataclass(frozen=True)
class LegEvidence:
    """Today's calibrated evidence of one leg, which metric says most, and how many days ago it moved (-1: not)."""

    p_value: FloatArray
    metric: TextArray
    changed: IntArray


@dataclass(frozen=True)
class Evidence:
    """Everything that is known of the day's merchants and groups; `rises` by metric, for roots only."""

    metrics: dict[str, MetricEvidence]
    legs: dict[str, LegEvidence]
    findings: tuple[Finding, ...]
    rises: dict[str, LegEvidence]


def weigh(
    scored: Sequence[ScoredMetric],
    groupings: Mapping[str, Grouping],
    volume: FloatArray,
    day_types: IntArray,
    settings: RiskSettings,
) -> Evidence:
    """Turn scores into p-values of metrics, legs and groups.

    Parameters
    ----------
    scored : sequence of ScoredMetric
        Scores (merchants, days), all of the same shape, the last day today.
    groupings : mapping of scope to Grouping
        Tested in the order of `settings.incidents.scopes`.
    volume : array (merchants,)
        Usual volume of each merchant, the strata of legs.
    day_types : array (days,)
        0 on ordinary days, 1 on event days.
    """
    strata = volume_strata(volume, settings.calibration.volume_strata)
    corrected, inside, findings = _without_groups(scored, groupings, strata, settings.incidents)
    alike = {one.metric: volume_strata(one.scores.volume, settings.calibration.volume_strata) for one in scored}
    series = {one.metric: _series(one, corrected[one.metric], alike[one.metric], groupings, settings) for one in scored}
    trimmed = {
        metric: any_trouble((parts[DAY], corrected[metric]), settings.calibration) for metric, parts in series.items()
    }
    detections = {
        metric: _detect(parts, trimmed[metric], alike[metric], day_types, settings) for metric, parts in series.items()
    }
    metrics = {
        one.metric: MetricEvidence(
            corrected[one.metric][:, -1],
            detections[one.metric].p_value[:, -1],
            inside[one.metric].scope,
            np.any(inside[one.metric].fired[:, -one.light_days :], axis=1),
            detections[one.metric].loudest,
            detections[one.metric].changed,
        )
        for one in scored
    }
    legs = _legs(scored, detections, trimmed, strata, day_types, settings)
    if scored:
        forest, left_over = oddness(list(corrected.values()), settings.oddness, np.any(list(trimmed.values()), axis=0))
        nothing = np.full(len(strata), -1, dtype=np.int64)
        legs[ODDNESS] = LegEvidence(either(forest, left_over), _loudest(scored, metrics), nothing)
    rises = {
        one.metric: _rise(one.metric, series[one.metric], alike[one.metric], day_types, settings)
        for one in scored
        if one.metric in {asked.metric for asked in settings.root.rises}
    }
    return Evidence(metrics, legs, tuple(findings), rises)


def _rise(
    metric: str, series: Mapping[str, FloatArray], strata: IntArray, day_types: IntArray, settings: RiskSettings
) -> LegEvidence:
    windows = {name: scores for name, scores in series.items() if name != DAY}
    found = rise(series[DAY], windows, strata, day_types, settings)
    return LegEvidence(found.p_value[:, -1], np.full(len(strata), metric, dtype=object), found.changed)


def _series(
    one: ScoredMetric, z: FloatArray, strata: IntArray, groupings: Mapping[str, Grouping], settings: RiskSettings
) -> dict[str, FloatArray]:
    """A metric's own part of single days, and of the days that each of its windows looks back on."""

    def own(scores: FloatArray, memory_days: int) -> FloatArray:
        return _own_part(scores, groupings, strata, memory_days, settings.incidents)

    windows = {name: own(scores, settings.incidents.window_days) for name, scores in one.windows.items()}
    return {DAY: z, **windows} if one.days is None else {DAY: own(one.days, 1), WEEK: z, **windows}


def _detect(
    series: Mapping[str, FloatArray], trimmed: BoolArray, strata: IntArray, day_types: IntArray, settings: RiskSettings
) -> Detection:
    """Run the detectors over single days; scores over several days join them."""
    windows = {name: scores for name, scores in series.items() if name != DAY}
    return detect(series[DAY], strata, day_types, trimmed, settings.calibration, settings.detectors, windows)


def _own_part(
    scores: FloatArray,
    groupings: Mapping[str, Grouping],
    strata: IntArray,
    memory_days: int,
    settings: IncidentSettings,
) -> FloatArray:
    """Scores without what whole groups did, from the widest to the narrowest; nothing is reported of them."""
    for scope in settings.scopes:
        if (grouping := groupings.get(scope)) is not None:
            scores, _ = _judged(scores, grouping, scope, grouping.size, memory_days, strata, settings)
    return scores


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
class _Inside:
    """Which group fired for whom: today's widest (its name), and on which days any did (merchants, days)."""

    scope: TextArray
    fired: BoolArray

    def add(self, fired: BoolArray, label: TextArray) -> None:
        """Add a narrower scope's days; `label` names each merchant's group."""
        today = fired[:, -1] & (self.scope == "")
        self.scope[today] = label[today]
        self.fired |= fired


def _without_groups(
    scored: Sequence[ScoredMetric], groupings: Mapping[str, Grouping], strata: IntArray, settings: IncidentSettings
) -> tuple[dict[str, FloatArray], dict[str, _Inside], list[Finding]]:
    """Test the groups from the widest to the narrowest, each on what the wider ones left."""
    corrected = {one.metric: one.scores.z for one in scored}
    inside = {
        one.metric: _Inside(np.full(len(strata), "", dtype=object), np.zeros(one.scores.z.shape, dtype=bool))
        for one in scored
    }
    findings: list[Finding] = []
    for scope in settings.scopes:
        grouping = groupings.get(scope)
        if grouping is None:
            continue
        for one in scored:
            corrected[one.metric], tests = _judged(
                corrected[one.metric], grouping, scope, grouping.size * len(scored), one.memory_days, strata, settings
            )
            label = np.array([f"{scope}:{name}" for name in grouping.labels], dtype=object)
            inside[one.metric].add(groups.fired_members(tests, grouping), label[grouping.codes])
            if one.incident:
                findings.extend(_findings(one, scope, tests, grouping))
    return corrected, inside, findings


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


def _legs(
    scored: Sequence[ScoredMetric],
    detections: Mapping[str, Detection],
    trimmed: Mapping[str, BoolArray],
    strata: IntArray,
    day_types: IntArray,
    settings: RiskSettings,
) -> dict[str, LegEvidence]:
    legs: dict[str, LegEvidence] = {}
    for leg in dict.fromkeys(one.leg for one in scored):
        names = [one.metric for one in scored if one.leg == leg]
        score = leg_score([detections[name].p_value for name in names])
        trouble = np.any([trimmed[name] for name in names], axis=0)
        calibrated = calibrate(score, strata, day_types, settings.calibration, trouble)[:, -1]
        today = np.stack([detections[name].p_value[:, -1] for name in names])
        smallest = np.where(np.isnan(today), np.inf, today).argmin(axis=0)
        changed = np.stack([detections[name].changed for name in names])[smallest, np.arange(len(smallest))]
        legs[leg] = LegEvidence(calibrated, np.array(names, dtype=object)[smallest], changed)
    return legs


def _loudest(scored: Sequence[ScoredMetric], metrics: Mapping[str, MetricEvidence]) -> TextArray:
    p_values = np.stack([metrics[one.metric].p_value for one in scored])
    names = np.array([one.metric for one in scored], dtype=object)
    chosen: TextArray = names[np.where(np.isnan(p_values), np.inf, p_values).argmin(axis=0)]
    return chosen
