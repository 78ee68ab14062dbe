"""From an estimate to a light: which limits hold today, what each says, and the worst of them.

This is where limits, peers and grey meet; the tables are written from what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from models.metrics.catalogue import Level, MetricBase, Rate, WindowedMetric
from models.metrics.estimate import Estimate
from models.metrics.legs import NOT_CONNECTED, NOT_GREY, SMALL_SAMPLE, STALE
from models.metrics.lights import GREEN, GREY, BoolArray, LightArray, worst
from models.metrics.limits import at_least, level_light, own_light, peer_light, platform_light
from models.metrics.platform import PlatformRule, TextArray, grades
from models.metrics.profile import Colouring
from models.metrics.rules import Limit
from models.peers.quartiles import PeerFigures

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Verdict:
    """Light of one metric and window and the figures that explain it, arrays (merchants,).

    `limit_kind`, `limit_source` and `limit_count` are of the metric; peers' limits are the worst quarter of each
    merchant's peers. `grade` is the platform's own name for the figure, where it has grades.
    """

    light: LightArray
    grey: IntArray
    limit_amber: FloatArray
    limit_red: FloatArray
    limit_kind: str
    limit_source: str
    over_amber: FloatArray
    over_red: FloatArray
    star: BoolArray
    grade: TextArray | None = None
    limit_count: float | None = None


def why_grey(
    has_value: BoolArray, enough: BoolArray, connected: BoolArray, stale: BoolArray, no_value: int = SMALL_SAMPLE
) -> IntArray:
    """Reason of a grey light: not connected, stale, small sample (or `no_value`), or none.

    A metric that no merchant has is not connected: its columns are not delivered.
    """
    delivered = connected & bool(has_value.any())
    reasons = [~delivered, stale, ~has_value, ~enough]
    return np.select(reasons, [NOT_CONNECTED, STALE, no_value, SMALL_SAMPLE], NOT_GREY).astype(np.int8)


def enough_sample(metric: WindowedMetric, estimate: Estimate) -> BoolArray:
    """Whether the sample reaches the metric's min_n."""
    return at_least(estimate.sample, metric.min_n)


def judge(
    metric: WindowedMetric, estimate: Estimate, peers: PeerFigures, grey: IntArray, colouring: Colouring, day: date
) -> Verdict:
    """Colour a rate, mean or ratio by every limit that holds on the day."""
    known = grey == NOT_GREY
    higher = metric.better == "higher"
    platform, own, peer = (metric.limit_of(kind, day) for kind in ("platform", "own", "peer"))
    decisive = platform or own
    amber, red = (
        _constant(len(known), decisive.amber if decisive else None),
        _constant(len(known), decisive.red if decisive else None),
    )
    over_amber, over_red = estimate.worse_than(amber), estimate.worse_than(red)
    lights = [np.where(known, GREEN, GREY).astype(np.int8)]
    if platform is not None:
        lights.append(_by_platform(platform, estimate, known, colouring))
    if own is not None and platform is None:
        bad = estimate.bad if isinstance(metric, Rate) else None
        min_bad = metric.min_bad if isinstance(metric, Rate) else 0
        lights.append(own_light(over_amber, over_red, bad, min_bad, known, colouring))
    worst_quarter = peers.p25 if higher else peers.p75
    if peer is not None and peer.min_effect is not None:
        gap = (worst_quarter - estimate.observed) * (1.0 if higher else -1.0)
        over_quarter = estimate.worse_than(worst_quarter)
        lights.append(peer_light(over_quarter, gap, peer.min_effect, known, colouring))
        if decisive is None or decisive.amber is None:
            amber, over_amber = worst_quarter, over_quarter
    best_quarter = peers.p75 if higher else peers.p25
    star = known & metric.core & at_least(1 - estimate.worse_than(best_quarter), colouring.star_probability)
    kind, source = _named(decisive or peer)
    masked = [np.where(known, one, np.nan) for one in (over_amber, over_red)]
    grade = grades(platform, np.where(known, estimate.observed, np.nan), higher)
    count = float(platform.count.at_most) if platform is not None and platform.count is not None else None
    return Verdict(worst(lights), grey, amber, red, kind, source, masked[0], masked[1], star, grade, count)


def _by_platform(limit: Limit, estimate: Estimate, known: BoolArray, colouring: Colouring) -> LightArray:
    """Light of a platform's limit; a mean or a quotient has no bad events and is compared as it is."""
    higher = estimate.higher_is_better
    if estimate.counts_bad:
        rule = PlatformRule.of(limit, higher)  # `decide` asks for no more events, so `per_exposure` is no matter
        breach, undecided = rule.decide(estimate.bad, estimate.denominator, estimate.counted)
    else:
        breach = _beyond(estimate.observed, limit.red, higher, limit.at_limit == "breach")
        undecided = np.zeros_like(breach)
    over_amber = _beyond(estimate.observed, limit.amber, higher)
    return platform_light(breach, over_amber, undecided, estimate.breach, known, colouring)


def _beyond(observed: FloatArray, limit: float | None, higher: bool, at_limit: bool = False) -> BoolArray:
    if limit is None:
        return np.zeros(len(observed), dtype=bool)
    sign = -1.0 if higher else 1.0
    gap = np.nan_to_num(sign * observed, nan=-np.inf) - sign * limit
    return gap >= -1e-12 if at_limit else gap > 1e-12


def judge_level(
    metric: Level, observed: FloatArray, amber_value: FloatArray, red_value: FloatArray, grey: IntArray, day: date
) -> Verdict:
    """Colour a state of today by the columns that its limits look at."""
    known = grey == NOT_GREY
    limit = metric.limit_of("platform", day) or metric.limit_of("own", day)
    amber, red = (limit.amber, limit.red) if limit else (None, None)
    light = level_light(amber_value, red_value, amber, red, metric.better == "higher", known)
    kind, source = _named(limit)
    nothing = np.full(len(observed), np.nan)
    limits = (_constant(len(observed), amber), _constant(len(observed), red))
    return Verdict(light, grey, *limits, kind, source, nothing, nothing, np.zeros(len(observed), dtype=bool))


def _constant(count: int, value: float | None) -> FloatArray:
    return np.full(count, np.nan if value is None else value)


def _named(limit: Limit | None) -> tuple[str, str]:
    return (limit.kind, f"{limit.mark}: {limit.source}") if limit else ("", "")


def peer_percentile(metric: MetricBase, peers: PeerFigures) -> FloatArray:
    """Share of the peers that are worse."""
    return peers.position if metric.better == "higher" else 1 - peers.position
