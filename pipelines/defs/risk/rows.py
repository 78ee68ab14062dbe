"""Signals as rows of `metric_signals`: arrays become columns, codes become names, not known becomes NULL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.judge import Verdict, peer_percentile
from models.metrics.legs import GREY_NAMES, STALE
from models.metrics.lights import LIGHT_NAMES
from models.risk.scoring import MetricEvidence
from pipelines.day import Day
from pipelines.defs.risk.panel import Merchants
from pipelines.defs.risk.reading import EPOCH, DayReadings
from pipelines.defs.risk.signals import Signal

FloatArray = npt.NDArray[np.float64]


def table_of(
    signal: Signal,
    day: Day,
    merchants: Merchants,
    readings: DayReadings,
    evidence: MetricEvidence | None,
    position: int,
) -> pa.Table:
    """Rows of `metric_signals` of one signal; a merchant has none in a window that its platform does not look at."""
    count, verdict, metric = merchants.count, signal.verdict, signal.metric
    nothing = np.full(count, np.nan)
    columns: dict[str, Any] = {
        "as_of": _same(day.as_of, count),
        "merchant_id": merchants.ids,
        "metric": _same(metric.id, count),
        "window": _same(signal.window, count),
        "leg": _same(metric.leg, count),
        "kind": _same(getattr(metric, "kind", ""), count),
        "core": _same(metric.core, count),
        "better": _same(metric.better, count),
        "limit_kind": _same(verdict.limit_kind or None, count),
        "limit_source": _same(verdict.limit_source or None, count),
        "min_n": _same(signal.min_n, count),
        "limit_amber": floats(verdict.limit_amber),
        "limit_red": floats(verdict.limit_red),
        "probability_over_limit": floats(verdict.over_red),
        "probability_over_amber": floats(verdict.over_amber),
        "p_value": floats(evidence.p_value if evidence else nothing),
        "z": floats(evidence.z if evidence else nothing),
        "incident_scope": _scopes(evidence, count),
        "detector": _detectors(evidence, count),
        "changed_on": pa.nulls(count, pa.date32()) if evidence is None else days_before(evidence.changed, day),
        "star": pa.array(verdict.star),
        "peer_group_size": pa.array(signal.peers.size),
        "peer_group": signal.peer_group,
        "peer_p25": floats(signal.peers.p25),
        "peer_p50": floats(signal.peers.p50),
        "peer_p75": floats(signal.peers.p75),
        "peer_percentile": floats(peer_percentile(metric, signal.peers)),
        "light": _names(verdict.light, LIGHT_NAMES),
        "grey_reason": grey_reasons(signal, readings),
        "since": _since(verdict.light, readings, position, day),
        "limit_count": floats(np.full(count, np.nan if verdict.limit_count is None else verdict.limit_count)),
        "platform_grade": _grades(verdict, count),
        "review_on": _review_days(signal, count),
    }
    columns |= {name: floats(values) for name, values in signal.figures.items()}
    rows = pa.table(columns)
    return rows if signal.applies is None else rows.filter(pa.array(signal.applies))


def floats(values: FloatArray) -> pa.Array:
    """Floats with NULL for NaN and infinities."""
    return pa.array(values, pa.float64(), mask=~np.isfinite(values))


def _same(value: Any, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), count) if value is not None else pa.nulls(count, pa.string())


def _names(codes: npt.NDArray[np.int8], names: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int8()), pa.array(names, pa.string()))


def _review_days(signal: Signal, count: int) -> pa.Array:
    """Date of the next review where the chance of a breach by then is known."""
    on = 0 if signal.review_on is None else (signal.review_on - EPOCH).days
    unknown = np.isnan(signal.figures["breach_at_review"])
    return pa.array(np.full(count, on, dtype=np.int32), pa.int32(), mask=unknown).cast(pa.date32())


def _grades(verdict: Verdict, count: int) -> pa.Array:
    if verdict.grade is None:
        return pa.nulls(count, pa.string())
    return pa.array(verdict.grade, pa.string(), mask=verdict.grade == "")


def _scopes(evidence: MetricEvidence | None, count: int) -> pa.Array:
    if evidence is None:
        return pa.nulls(count, pa.string())
    return pa.array(evidence.scope, pa.string(), mask=evidence.scope == "")


def _detectors(evidence: MetricEvidence | None, count: int) -> pa.Array:
    if evidence is None:
        return pa.nulls(count, pa.string())
    return pa.array(evidence.detector, pa.string(), mask=np.isnan(evidence.p_value))


def days_before(days_ago: npt.NDArray[np.int64], day: Day) -> pa.Array:
    """Dates so many days before the day; NULL where the number is negative."""
    days = ((day.as_of - EPOCH).days - days_ago).astype(np.int32)
    return pa.array(days, pa.int32(), mask=days_ago < 0).cast(pa.date32())


def grey_reasons(signal: Signal, readings: DayReadings) -> pa.Array:
    """Reason of each grey light; stale data name their feed and the first day without."""
    reasons = np.array(GREY_NAMES, dtype=object)[signal.verdict.grey]
    for feed in signal.metric.feeds:
        state = readings.freshness.get(feed)
        if state is None:
            continue
        for first in np.unique(state.since[state.stale]):
            text = f"stale:{feed}:{EPOCH + timedelta(days=int(first))}"
            reasons[state.stale & (state.since == first) & (signal.verdict.grey == STALE)] = text
    return pa.array(reasons, pa.string(), mask=reasons == "")


def _since(light: npt.NDArray[np.int8], readings: DayReadings, position: int, day: Day) -> pa.Array:
    """First day of the present light: that of the earlier day where the light is the same, else today."""
    today = (day.as_of - EPOCH).days
    same = (readings.earlier.light[position] == light) & (readings.earlier.since[position] >= 0)
    return pa.array(np.where(same, readings.earlier.since[position], today).astype(np.int32), pa.int32()).cast(
        pa.date32()
    )
