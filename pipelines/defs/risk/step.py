"""The risk step in two parts: signals of every metric, then incidents, legs and the order of merchants.

The first part writes what it has found in `metric_signals`, `leg_scores` and `group_findings`; the second reads those
tables and nothing of the first's memory, so that either can be run again alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.forecasting.residuals import DRIFT as DRIFT_DAYS
from models.forecasting.residuals import WEEK as WEEK_DAYS
from models.metrics.catalogue import Break, Rate, Ratio
from models.metrics.grouping import make_groupings
from models.metrics.profile import Profile
from models.risk.against_peers import AGAINST_PEERS
from models.risk.residuals import Scores, break_scores
from models.risk.scored import DRIFT, WEEK, ScoredMetric
from models.risk.scoring import Evidence, weigh
from models.risk.settings import RiskSettings
from models.risk.settling import settled
from models.risk.young_orders import YOUNG_ORDERS
from pipelines.day import Day
from pipelines.defs.risk.against_peers import against_peers
from pipelines.defs.risk.estimating import Estimates, estimate_all
from pipelines.defs.risk.legs import rise_row
from pipelines.defs.risk.panel import Merchants, check_columns, read_merchants
from pipelines.defs.risk.reading import DayReadings, read_day
from pipelines.defs.risk.rows import days_before, floats, table_of
from pipelines.defs.risk.signals import SignalMaker, window_keys
from pipelines.defs.risk.standing import risk
from pipelines.defs.risk.young_orders import young_orders
from pipelines.policy import load_profile, load_risk_settings

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

__all__ = ["metric_signals", "risk"]


def metric_signals(day: Day) -> dict[str, int]:
    """Write every metric of every merchant with its light, and the evidence of legs and groups."""
    profile, settings = load_profile(day.workspace), load_risk_settings(day.workspace)
    check_columns(profile)
    merchants = read_merchants(day)
    readings = read_day(
        day, merchants, profile, window_keys(profile), settings.residuals.days, settings.money.horizon_days
    )
    estimates = estimate_all(day, merchants, profile, settings.residuals)
    days = settings.residuals.days
    peers = against_peers(day, merchants, profile, settings, days)
    beside = {
        AGAINST_PEERS: {metric: found.scores for metric, found in peers.items()},
        YOUNG_ORDERS: young_orders(day, merchants, profile, settings.young_orders, days),
    }
    trouble = {metric: found.trouble for metric, found in peers.items()}
    evidence = evidence_of(merchants, profile, estimates, readings, settings, beside, trouble)
    maker = SignalMaker(day, merchants, profile, estimates, readings, evidence, settings.money)
    return {
        "metric_signals": day.write("metric_signals", _tables(maker)),
        "leg_scores": day.write("leg_scores", leg_scores(day, merchants, evidence)),
        "group_findings": day.write("group_findings", group_findings(day, evidence)),
    }


def _tables(maker: SignalMaker) -> Iterator[pa.Table]:
    for position, signal in enumerate(maker.signals()):
        evidence = maker.evidence.metrics.get(signal.metric.id)
        yield table_of(signal, maker.day, maker.merchants, maker.readings, evidence, position)


def evidence_of(
    merchants: Merchants,
    profile: Profile,
    estimates: Estimates,
    readings: DayReadings,
    settings: RiskSettings,
    beside: Mapping[str, Mapping[str, FloatArray]] | None = None,
    trouble: Mapping[str, BoolArray] | None = None,
) -> Evidence:
    """Weigh the scores of all metrics: groups, merchants, legs, whole patterns.

    Parameters
    ----------
    beside : mapping of detector to mapping of metric to array (merchants, days), optional
        Scores over several days that join the detectors of the metrics that have them.
    trouble : mapping of metric to array (merchants, days), optional
        Days that are known to be no part of what is usual.
    """

    def joined(one: ScoredMetric) -> ScoredMetric:
        joining = {name: found[one.metric] for name, found in (beside or {}).items() if one.metric in found}
        known = joining.get(YOUNG_ORDERS)
        on = YOUNG_ORDERS if known is not None and _known_today(known) > _known_today(one.scores.z) else None
        lasting = (trouble or {}).get(one.metric)
        return replace(one, windows={**one.windows, **joining}, trouble=lasting, tested_on=on)

    scored = [joined(one) for one in _scored(profile, estimates, readings, settings)]
    attributes = merchants.attributes | {"platform": np.full(merchants.count, "all", dtype=object)}
    ways = [[] if scope == "platform" else [scope] for scope in settings.incidents.scopes]
    groupings = dict(zip(settings.incidents.scopes, make_groupings(attributes, ways), strict=True))
    volume = np.full(merchants.count, np.nan)
    for one in scored:
        if one.leg == "sales":
            volume = np.where(np.isnan(volume), one.scores.volume, volume)
    return weigh(scored, groupings, volume, readings.event_days, settings)


def _known_today(scores: FloatArray) -> int:
    return int(np.sum(~np.isnan(scores[:, -1])))


def _scored(
    profile: Profile, estimates: Estimates, readings: DayReadings, settings: RiskSettings
) -> Iterator[ScoredMetric]:
    for metric in profile.metrics:
        if not metric.surprise:
            continue
        if isinstance(metric, Break):
            found = readings.residuals[metric.measure, metric.horizon]
            z = settled(found.z, metric.min_n + metric.horizon - 1)
            scores: Scores = break_scores(z, found.actual, found.mean)
            light_days = max(metric.amber.of, metric.red.of)
            windows = {DRIFT: -settled(readings.sums[metric.measure, DRIFT_DAYS], metric.min_n + DRIFT_DAYS)}
            if metric.horizon == 1:
                windows[WEEK] = -settled(readings.sums[metric.measure, WEEK_DAYS], metric.min_n + WEEK_DAYS)
            yield ScoredMetric(
                metric.id, metric.leg, scores, metric.horizon, metric.incident, light_days, windows=windows
            )
        elif metric.id in estimates.scores:
            scores = estimates.scores[metric.id]
            if isinstance(metric, Rate) and metric.better == "higher":
                scores = _turned(scores)
            elif isinstance(metric, Ratio) and metric.per_window:
                scores = _scaled(scores, float(max(metric.windows)))
            yield ScoredMetric(
                metric.id,
                metric.leg,
                scores,
                settings.residuals.recent_days,
                metric.incident,
                days=estimates.days.get(metric.id),
            )


def _turned(scores: Scores) -> Scores:
    """Bad rates back to the metric's own sense."""
    return Scores(scores.z, scores.volume, 1 - scores.expected, 1 - scores.observed, scores.weight)


def _scaled(scores: Scores, factor: float) -> Scores:
    return Scores(scores.z, scores.volume, scores.expected * factor, scores.observed * factor, scores.weight)


def leg_scores(day: Day, merchants: Merchants, evidence: Evidence) -> Iterator[pa.Table]:
    """Rows of `leg_scores`, one table per leg and per metric that may rise."""
    rises = {rise_row(metric): found for metric, found in evidence.rises.items()}
    for leg, found in (evidence.legs | rises).items():
        known = ~np.isnan(found.p_value)
        yield pa.table(
            {
                "as_of": pa.repeat(pa.scalar(day.as_of), int(known.sum())),
                "merchant_id": merchants.ids.filter(pa.array(known)),
                "leg": pa.repeat(leg, int(known.sum())),
                "p_value": floats(found.p_value[known]),
                "metric": pa.array(found.metric[known], pa.string()),
                "changed_on": days_before(found.changed[known], day),
            }
        )


def group_findings(day: Day, evidence: Evidence) -> pa.Table:
    """Rows of `group_findings`: groups that moved as a whole."""
    names = ("scope", "group", "leg", "metric", "effect", "p_value", "members", "observed", "expected")
    columns = {name: [getattr(one, name) for one in evidence.findings] for name in names}
    return pa.table({"as_of": pa.array([day.as_of] * len(evidence.findings), pa.date32()), **columns})
