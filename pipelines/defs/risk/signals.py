"""Signals of a day: the verdict on every metric and window.

Windowed metrics, states and breaks come here from different sides and leave in the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.breaks import below, break_light
from models.metrics.catalogue import Break, Level, MetricBase, Rate, WindowedMetric
from models.metrics.grouping import Grouping, choose_groups, make_groupings
from models.metrics.judge import Verdict, enough_sample, judge, judge_level, why_grey
from models.metrics.legs import NOTHING_TO_MEASURE
from models.metrics.lights import AMBER, RED
from models.metrics.profile import Profile
from models.peers.quartiles import PeerFigures, peer_figures
from models.risk.discovery import passes_control
from models.risk.money import breach_money, drop_money
from models.risk.scoring import Evidence
from models.risk.settings import MoneySettings
from pipelines.day import Day
from pipelines.defs.risk.estimating import Estimates
from pipelines.defs.risk.panel import Merchants
from pipelines.defs.risk.reading import DayReadings, Residuals

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

FIGURES = (
    "numerator",
    "denominator",
    "observed",
    "expected",
    "low",
    "high",
    "previous",
    "sample",
    "more_bad_until_red",
    "good_until_green",
    "breach_probability",
    "days_to_breach",
    "money_at_risk",
    "counted",
    "breach_at_review",
)


@dataclass(frozen=True)
class Signal:
    """One metric and window of all merchants: figures, verdict and peers.

    `applies` marks the merchants whose platform looks at this window; None where it is everybody's. `review_on` is the
    next review that still counts what comes; None where nobody reviews, or the metric is no rate.
    """

    metric: MetricBase
    window: str
    figures: dict[str, FloatArray]
    verdict: Verdict
    peers: PeerFigures
    peer_group: pa.Array
    min_n: float
    applies: BoolArray | None = None
    review_on: date | None = None


def window_keys(profile: Profile) -> list[tuple[str, str]]:
    """Metric and window of every signal, in the order in which they are written."""
    return [(metric.id, window) for metric in profile.metrics for window in metric.window_labels]


@dataclass(frozen=True)
class SignalMaker:
    """Everything that signals are made from."""

    day: Day
    merchants: Merchants
    profile: Profile
    estimates: Estimates
    readings: DayReadings
    evidence: Evidence
    money: MoneySettings

    def signals(self) -> Iterator[Signal]:
        """Make the signals one after the other, in the order of `window_keys`."""
        groupings = make_groupings(self.merchants.attributes, self.profile.peers.groupings)
        position = 0
        for metric in self.profile.metrics:
            for window in metric.window_labels:
                yield self._signal(metric, window, position, groupings)
                position += 1

    def _signal(self, metric: MetricBase, window: str, position: int, groupings: tuple[Grouping, ...]) -> Signal:
        if isinstance(metric, WindowedMetric):
            return self._windowed(metric, window, position, groupings)
        if isinstance(metric, Level):
            return self._level(metric, window, position, groupings)
        if isinstance(metric, Break):
            return self._break(metric, window)
        raise TypeError(f"metric {metric.id} is of a kind without signals")

    def _windowed(self, metric: WindowedMetric, window: str, position: int, groupings: tuple[Grouping, ...]) -> Signal:
        key = (metric.id, int(window[:-1]))
        estimate, conditions = self.estimates.estimates[key], self.estimates.conditions[key]
        connected, stale = self._feeds(metric)
        enough = enough_sample(metric, estimate) & conditions.eligible
        grey = why_grey(~np.isnan(estimate.observed), enough, connected, stale)
        peers, group = self._peers(metric, estimate.observed, grey == 0, position, groupings)
        verdict = judge(metric, estimate, peers, grey, self.profile.colouring, self.day.as_of)
        figures = self._nothing()
        names = {"breach": "breach_probability"}
        for name in ("numerator", "denominator", "observed", "low", "high", "previous", "sample",
                     "more_bad_until_red", "good_until_green", "breach", "days_to_breach", "counted",
                     "breach_at_review"):  # fmt: skip
            figures[names.get(name, name)] = getattr(estimate, name)
        figures["expected"] = self._expected(metric)
        figures["money_at_risk"] = breach_money(
            np.where(grey == 0, estimate.breach, np.nan), self.readings.gmv_ahead, self.money.sanction_share
        )
        applies = conditions.applies if metric.look_back is not None else None
        review = self.profile.review.next_after(self.day.as_of) if self.profile.review is not None else None
        return Signal(metric, window, figures, verdict, peers, group, metric.min_n, applies, review)

    def _expected(self, metric: WindowedMetric) -> FloatArray:
        expected = self.estimates.scores[metric.id].expected
        turned = isinstance(metric, Rate) and metric.better == "higher"
        scaled = expected * max(metric.windows) if getattr(metric, "per_window", False) else expected
        return 1 - scaled if turned else scaled

    def _level(self, metric: Level, window: str, position: int, groupings: tuple[Grouping, ...]) -> Signal:
        def column(name: str | None) -> FloatArray:
            if name is None:
                return np.full(self.merchants.count, np.nan)
            try:
                return self.readings.levels[name]
            except KeyError:
                known = ", ".join(sorted(self.readings.levels))
                raise KeyError(f"metric {metric.id}: no level column {name!r}; there are {known}") from None

        observed = column(metric.observed)
        connected, stale = self._feeds(metric)
        grey = why_grey(~np.isnan(observed), np.ones_like(connected), connected, stale, NOTHING_TO_MEASURE)
        amber_value = column(metric.amber_column or metric.observed)
        verdict = judge_level(
            metric, observed, amber_value, column(metric.red_column or metric.observed), grey, self.day.as_of
        )
        peers, group = self._peers(metric, observed, grey == 0, position, groupings)
        figures = self._nothing() | {
            "observed": observed,
            "numerator": column(metric.numerator),
            "denominator": column(metric.denominator),
            "money_at_risk": column(metric.money),
        }
        return Signal(metric, window, figures, verdict, peers, group, 0.0)

    def _break(self, metric: Break, window: str) -> Signal:
        residuals = self.readings.residuals[metric.measure, metric.horizon]
        observations = np.sum(~np.isnan(residuals.z), axis=1).astype(np.float64)
        known = ~np.isnan(residuals.actual[:, -1]) & ~np.isnan(residuals.mean[:, -1])
        connected, stale = self._feeds(metric)
        grey = why_grey(known, observations >= metric.min_n, connected, stale)
        low = {name: below(residuals.actual, getattr(residuals, name)) for name in ("q10", "q025")}
        evidence = self.evidence.metrics.get(metric.id)
        p_value = evidence.p_value if evidence else np.full(self.merchants.count, np.nan)
        control = passes_control(np.where(grey == 0, p_value, np.nan), self.profile.colouring.control_q)
        light = break_light(metric.amber, metric.red, low, control, grey == 0)
        if evidence is not None:
            # A group's trouble is its incident's; only what passes the control is the merchant's own.
            light = np.where(evidence.in_group & ~control & (light == RED), AMBER, light)
        nothing = np.full(self.merchants.count, np.nan)
        verdict = Verdict(
            light,
            grey,
            self._limit(metric.amber.quantile, residuals),
            self._limit(metric.red.quantile, residuals),
            "own",
            f"{metric.mark}: {metric.source}",
            nothing,
            nothing,
            np.zeros(len(light), dtype=bool),
        )
        figures = self._nothing() | _break_figures(metric, residuals, observations)
        figures["money_at_risk"] = drop_money(
            residuals.mean[:, -1], residuals.actual[:, -1], self.readings.gmv_ahead, light
        )
        none = PeerFigures(nothing, nothing, nothing, nothing, np.zeros(len(light), dtype=np.int64))
        return Signal(metric, window, figures, verdict, none, pa.nulls(len(light), pa.string()), float(metric.min_n))

    def _limit(self, quantile: str | None, residuals: Residuals) -> FloatArray:
        if quantile is None:
            return np.full(self.merchants.count, np.nan)
        values: FloatArray = getattr(residuals, quantile)[:, -1]
        return values

    def _nothing(self) -> dict[str, FloatArray]:
        return {name: np.full(self.merchants.count, np.nan) for name in FIGURES}

    def _feeds(self, metric: MetricBase) -> tuple[BoolArray, BoolArray]:
        """Whether all feeds of a metric are connected, and whether any is stale; unknown freshness is no trouble."""
        connected = np.ones(self.merchants.count, dtype=bool)
        stale = np.zeros(self.merchants.count, dtype=bool)
        for feed in metric.feeds:
            state = self.readings.freshness.get(feed)
            if state is not None:
                connected &= state.connected
                stale |= state.stale
        return connected, stale

    def _peers(
        self,
        metric: MetricBase,
        observed: FloatArray,
        known: BoolArray,
        position: int,
        groupings: tuple[Grouping, ...],
    ) -> tuple[PeerFigures, pa.Array]:
        frozen = self.readings.earlier.frozen
        compared = np.where(known, observed, np.nan) if frozen is None else frozen[position]
        if frozen is not None and np.isnan(compared).all():
            compared = np.where(known, observed, np.nan)  # a metric that is new this week
        settings = self.profile.peers
        groups = choose_groups(groupings, ~np.isnan(compared), settings.minimum)
        figures = peer_figures(
            np.where(known, observed, np.nan), groups.codes, compared, settings.minimum, settings.digits
        )
        codes = pa.array(groups.codes, pa.int32(), mask=groups.codes < 0)
        return figures, pa.DictionaryArray.from_arrays(codes, pa.array(groups.labels, pa.string()))


def _break_figures(metric: Break, residuals: Residuals, observations: FloatArray) -> dict[str, FloatArray]:
    today = {name: getattr(residuals, name)[:, -1] for name in ("actual", "mean", "q025")}
    before = residuals.actual[:, -1 - metric.horizon] if residuals.actual.shape[1] > metric.horizon else None
    figures = {
        "observed": today["actual"],
        "expected": today["mean"],
        "low": today["q025"],
        "sample": observations,
        "numerator": today["actual"],
        "denominator": today["mean"],
    }
    return figures if before is None else figures | {"previous": before}
