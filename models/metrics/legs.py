"""The light of a leg: its worst metric that is not grey, a star where it is clearly better than its peers.

Green needs the core: a leg whose core metric has too small a sample or stale data is grey, not fine. A core metric
whose feed or columns the platform does not deliver is excused as long as another core metric speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics.lights import AMBER, GREEN, GREY, RED, STAR, BoolArray, LightArray

TextArray = npt.NDArray[np.object_]

NOT_GREY, NOT_CONNECTED, SMALL_SAMPLE, STALE, NOTHING_TO_MEASURE, OTHER_WINDOW = 0, 1, 2, 3, 4, 5
GREY_NAMES = ("", "not_connected", "small_sample", "stale", "nothing_to_measure", "other_window")
EXCUSED = (NOT_CONNECTED, NOTHING_TO_MEASURE, OTHER_WINDOW)


@dataclass(frozen=True)
class MetricLights:
    """One metric and window of a leg, for all merchants.

    Parameters
    ----------
    light : array (merchants,)
    surely_better : array of bool
        P(better than the peers' best quarter) is high enough for a star (core rates and means only).
    grey : array of codes
        Why the metric is grey: NOT_GREY, NOT_CONNECTED, SMALL_SAMPLE, STALE, NOTHING_TO_MEASURE, or OTHER_WINDOW
        where the platform looks at another window of the same metric.
    stale_reason : array of text
        `stale:<feed>:<date>` where it is stale.
    rank : array
        Orders metrics of the same light: the higher, the more it is the reason.
    """

    metric: str
    core: bool
    light: LightArray
    surely_better: BoolArray
    grey: npt.NDArray[np.int8]
    stale_reason: TextArray
    rank: npt.NDArray[np.float64]


@dataclass(frozen=True)
class LegLight:
    """Light and machine-readable reason of one leg, for all merchants."""

    light: LightArray
    reason: TextArray


def leg_light(metrics: Sequence[MetricLights]) -> LegLight:
    """Combine the metrics of a leg."""
    lights = np.stack([one.light for one in metrics])
    worst = lights.max(axis=0)
    core = [one for one in metrics if one.core]
    core_missing, any_core = _core(core, lights.shape[1])
    fine = worst == GREEN
    stars = np.any([one.surely_better & (one.light == GREEN) for one in core], axis=0) if core else np.zeros_like(fine)
    light = np.where(fine & (core_missing | ~any_core), GREY, np.where(fine & stars, STAR, worst)).astype(np.int8)
    reason = np.full(lights.shape[1], "all_good", dtype=object)
    for colour in (AMBER, RED):
        chosen = light == colour
        reason[chosen] = _loudest(metrics, lights, colour)[chosen]
    starred = light == STAR
    reason[starred] = _star(core)[starred] if starred.any() else ""
    grey = light == GREY
    reason[grey] = _why_grey(metrics, core)[grey] if grey.any() else ""
    return LegLight(light, reason)


def _core(core: Sequence[MetricLights], count: int) -> tuple[BoolArray, BoolArray]:
    """Whether a core metric that could speak is grey, and whether any core metric speaks."""
    missing, speaks = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    windows = {one.metric for one in core}
    for metric in windows:
        of_metric = [one for one in core if one.metric == metric]
        grey = np.all([one.light == GREY for one in of_metric], axis=0)
        excused = np.all([np.isin(one.grey, EXCUSED) for one in of_metric], axis=0)
        missing |= grey & ~excused
        speaks |= ~grey
    return missing, speaks


def _loudest(metrics: Sequence[MetricLights], lights: LightArray, colour: int) -> TextArray:
    rank = np.stack([np.nan_to_num(one.rank, nan=-np.inf) for one in metrics])
    candidates = np.where(lights == colour, np.nan_to_num(rank, neginf=-1e300), -np.inf)
    names = np.array([f"metric:{one.metric}" for one in metrics], dtype=object)
    chosen: TextArray = names[candidates.argmax(axis=0)]
    return chosen


def _star(core: Sequence[MetricLights]) -> TextArray:
    better = np.stack([one.surely_better & (one.light == GREEN) for one in core])
    names = np.array([f"star:{one.metric}" for one in core], dtype=object)
    chosen: TextArray = names[better.argmax(axis=0)]
    return chosen


def _why_grey(metrics: Sequence[MetricLights], core: Sequence[MetricLights]) -> TextArray:
    """Say why a leg is grey: stale data first, then a core metric that is missing, then a small sample."""
    considered = core or metrics
    speaking = np.any([one.light != GREY for one in metrics], axis=0)
    reason = np.full(len(speaking), "not_connected", dtype=object)
    for one in reversed(considered):
        silent = (one.grey == SMALL_SAMPLE) | (speaking & (one.grey == NOT_CONNECTED))
        name = np.where(speaking, f"core_missing:{one.metric}", "small_sample")
        reason[silent] = name[silent]
    for one in reversed(considered):
        stale = one.grey == STALE
        reason[stale] = one.stale_reason[stale]
    return reason
