"""The chain from scores to evidence: groups first, then each merchant's own p-values, legs, and the whole pattern.

Pure arrays in, pure arrays out; `pipelines` reads the scores and writes what comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.metrics.grouping import Grouping
from models.risk.combination import leg_score
from models.risk.detection import Detection, detect
from models.risk.group_effects import own_part, without_crowds_of_evidence, without_groups
from models.risk.incidents import Finding
from models.risk.oddness import either, oddness
from models.risk.ranks import calibrate, volume_strata
from models.risk.rises import rise
from models.risk.scored import DAY, DRIFT, WEEK, ScoredMetric
from models.risk.settings import RiskSettings
from models.risk.trimming import any_trouble
from models.side_by_side import in_order

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]

ODDNESS = "oddness"


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


class _Examined(NamedTuple):
    """A metric's series by what they look back on, its days of lasting trouble, and what the detectors say."""

    series: dict[str, FloatArray]
    trimmed: BoolArray
    detection: Detection


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
    corrected, inside, findings = without_groups(scored, groupings, strata, settings.incidents)
    alike = {one.metric: volume_strata(one.scores.volume, settings.calibration.volume_strata) for one in scored}

    def examine(one: ScoredMetric) -> _Examined:
        return _examine(one, corrected[one.metric], alike[one.metric], groupings, day_types, settings)

    found = dict(zip(corrected, in_order(examine, scored), strict=True))
    series = {metric: one.series for metric, one in found.items()}
    trimmed = {metric: one.trimmed for metric, one in found.items()}
    told = {metric: one.detection.p_value for metric, one in found.items()}
    p_values, crowds = without_crowds_of_evidence(scored, told, alike, inside, settings.incidents)
    detections = {metric: replace(one.detection, p_value=p_values[metric]) for metric, one in found.items()}
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
    return Evidence(metrics, legs, (*findings, *crowds), rises)


def _examine(
    one: ScoredMetric,
    z: FloatArray,
    strata: IntArray,
    groupings: Mapping[str, Grouping],
    day_types: IntArray,
    settings: RiskSettings,
) -> _Examined:
    """Look at one metric alone; metrics do so side by side."""
    parts = _series(one, z, strata, groupings, settings)
    # Sums against four weeks ago drift for good reasons, too: what lasts in them is no trouble by itself.
    told = [z, *(scores for name, scores in parts.items() if name != DRIFT)]
    lasting = any_trouble(told, settings.calibration)
    if one.trouble is not None:
        lasting |= one.trouble
    return _Examined(parts, lasting, _detect(parts, lasting, strata, day_types, settings))


def _rise(
    metric: str, series: Mapping[str, FloatArray], strata: IntArray, day_types: IntArray, settings: RiskSettings
) -> LegEvidence:
    found = rise(series[DAY], _windows(series), strata, day_types, settings)
    return LegEvidence(found.p_value[:, -1], np.full(len(strata), metric, dtype=object), found.changed)


def _series(
    one: ScoredMetric, z: FloatArray, strata: IntArray, groupings: Mapping[str, Grouping], settings: RiskSettings
) -> dict[str, FloatArray]:
    """A metric's own part of single days, and of the days that each of its windows looks back on."""

    def own(scores: FloatArray, memory_days: int) -> FloatArray:
        return own_part(scores, groupings, strata, memory_days, settings.incidents)

    windows = {
        name: z if name == one.tested_on else own(scores, settings.incidents.window_days)
        for name, scores in one.windows.items()
    }
    own_z = z if one.tested_on is None else own(one.scores.z, one.memory_days)
    return {DAY: own_z, **windows} if one.days is None else {DAY: own(one.days, 1), WEEK: own_z, **windows}


def _detect(
    series: Mapping[str, FloatArray], trimmed: BoolArray, strata: IntArray, day_types: IntArray, settings: RiskSettings
) -> Detection:
    """Run the detectors over single days; scores over several days join them."""
    windows = _windows(series)
    return detect(series[DAY], strata, day_types, trimmed, settings.calibration, settings.detectors, windows)


def _windows(series: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    return {name: scores for name, scores in series.items() if name != DAY}


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
        score = leg_score([detections[name].p_value for name in names], settings.legs.counts_below)
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
