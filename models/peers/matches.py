"""Merchants help merchants: where one stands among its peers, and who could show how it is done.

First version: position and the largest distance to the best quarter per leg, and a mentor that consents, is a star on
the leg and is of the same peer group. A figure never names its merchant; only a mentor who agreed is named.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.metrics.lights import AMBER, STAR, LightArray
from models.peers.quartiles import round_figures

OWN_DIGITS = 6  # the reader's own figure; more would show the rounding of sums

FloatArray = npt.NDArray[np.float64]
TextArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class PeerMetric:
    """One metric of a leg beside its peers, arrays (merchants,)."""

    metric: str
    higher_is_better: bool
    percentile: FloatArray
    observed: FloatArray
    p25: FloatArray
    p75: FloatArray


@dataclass(frozen=True)
class Match:
    """Peer group, position and mentor of each merchant on one leg; mentor is a place among the merchants or -1."""

    group: TextArray
    size: FloatArray
    position: FloatArray
    mentor: npt.NDArray[np.int64]
    metric: TextArray
    difference: TextArray


def match_leg(
    metrics: Sequence[PeerMetric],
    light: LightArray,
    consents: npt.NDArray[np.bool_],
    groups: tuple[TextArray, FloatArray],
) -> Match:
    """Match the merchants of one leg."""
    group, size = groups
    count = len(light)
    position = np.full(count, np.nan)
    weakest = np.full(count, None, dtype=object)
    difference = np.full(count, None, dtype=object)
    if metrics:
        percentiles = np.stack([one.percentile for one in metrics])
        known = ~np.isnan(percentiles)
        number = known.sum(axis=0)
        position = np.where(number > 0, np.nansum(percentiles, axis=0) / np.maximum(number, 1), np.nan)
        lowest = np.where(known, percentiles, np.inf).argmin(axis=0)
        some = number > 0
        weakest[some] = np.array([one.metric for one in metrics], dtype=object)[lowest[some]]
        difference = _differences(metrics, lowest, (light >= AMBER) & some)
    mentor = _mentors(light, consents, group, position)
    rounded = np.where(np.isnan(position), np.nan, np.round(position, 2))
    return Match(group, np.where(np.isnan(size), 0, size), rounded, mentor, weakest, difference)


def _differences(
    metrics: Sequence[PeerMetric], lowest: npt.NDArray[np.int64], asked: npt.NDArray[np.bool_]
) -> TextArray:
    """JSON of the weakest metric: own value and the peers' best quarter, for merchants in trouble."""
    texts = np.full(len(lowest), None, dtype=object)
    own = {one.metric: round_figures(one.observed, OWN_DIGITS) for one in metrics}
    for place in np.flatnonzero(asked):  # only the few in trouble; a JSON text cannot be made by arrays
        one = metrics[lowest[place]]
        best = one.p75 if one.higher_is_better else one.p25
        texts[place] = json.dumps(
            {"metric": one.metric, "own": float(own[one.metric][place]), "best_quarter": float(best[place])}
        )
    return texts


def _mentors(
    light: LightArray, consents: npt.NDArray[np.bool_], group: TextArray, position: FloatArray
) -> npt.NDArray[np.int64]:
    """Best consenting star of each group, for merchants in trouble."""
    mentor = np.full(len(light), -1, dtype=np.int64)
    codes = np.unique(np.array([text or "" for text in group], dtype=str), return_inverse=True)[1]
    named = np.array([bool(text) for text in group], dtype=bool)
    stars = np.flatnonzero((light == STAR) & consents & named)
    if not len(stars):
        return mentor
    by_position = stars[np.argsort(np.nan_to_num(position[stars], nan=-1.0), kind="stable")]
    best = np.full(codes.max() + 1, -1, dtype=np.int64)
    best[codes[by_position]] = by_position  # the last, best one stays
    asked = (light >= AMBER) & named
    mentor[asked] = best[codes[asked]]
    return mentor
