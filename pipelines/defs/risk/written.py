"""The day's signals as they were written, back in arrays: (signals, merchants), one row per metric and window."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.catalogue import LEGS, MetricBase, WindowedMetric
from models.metrics.legs import GREY_NAMES, OTHER_WINDOW, STALE, LegLight, MetricLights, leg_light
from models.metrics.lights import LIGHT_NAMES
from models.metrics.profile import Profile
from models.peers.matches import PeerMetric
from pipelines.day import Day
from pipelines.defs.risk.panel import Merchants
from pipelines.defs.risk.reading import to_floats

FloatArray = npt.NDArray[np.float64]
TextArray = npt.NDArray[np.object_]

NUMBERS = ("p_value", "probability_over_limit", "peer_percentile", "money_at_risk", "observed", "peer_p25", "peer_p75",
           "peer_group_size")  # fmt: skip


@dataclass(frozen=True)
class WrittenSignals:
    """Arrays (signals, merchants) of the day."""

    metrics: tuple[MetricBase, ...]
    light: npt.NDArray[np.int8]
    star: npt.NDArray[np.bool_]
    grey: npt.NDArray[np.int8]
    grey_reason: TextArray
    peer_group: TextArray
    numbers: dict[str, FloatArray]

    @staticmethod
    def read(day: Day, connection: duckdb.DuckDBPyConnection, merchants: Merchants, profile: Profile) -> WrittenSignals:
        """Read the day's signals; a merchant without a row of a signal is grey there.

        Of a metric with a look-back, each merchant has a row in one of the two windows.
        """
        rows = day.query(connection, __file__, "sql/signals_of_day.sql")
        metrics = tuple(metric for metric in profile.metrics for _ in metric.window_labels)
        shape = (len(metrics), merchants.count)
        at = (rows.column("position").to_numpy(), rows.column("place").to_numpy())

        def texts(name: str, empty: str | None) -> TextArray:
            values = np.full(shape, empty, dtype=object)
            values[at] = rows.column(name).fill_null("").to_numpy(zero_copy_only=False)
            return values

        light = np.zeros(shape, dtype=np.int8)
        light[at] = codes_of(rows.column("light"), LIGHT_NAMES)
        star = np.zeros(shape, dtype=bool)
        star[at] = rows.column("star").fill_null(False).to_numpy(zero_copy_only=False)
        reason = texts("grey_reason", "not_connected")
        grey = np.ones(shape, dtype=np.int8)
        grey[[isinstance(one, WindowedMetric) and one.look_back is not None for one in metrics]] = OTHER_WINDOW
        reasons = rows.column("grey_reason").fill_null("")
        kinds = pa.compute.replace_substring_regex(reasons, pattern=":.*", replacement="")
        grey[at] = codes_of(kinds, GREY_NAMES)
        numbers = {}
        for name in NUMBERS:
            numbers[name] = np.full(shape, np.nan)
            numbers[name][at] = to_floats(rows.column(name))
        return WrittenSignals(metrics, light, star, grey, reason, texts("peer_group", ""), numbers)

    def of_leg(self, leg: str) -> list[int]:
        """Positions of a leg's signals."""
        return [position for position, metric in enumerate(self.metrics) if metric.leg == leg]

    def money_parts(self) -> dict[str, FloatArray]:
        """Largest money at risk among the signals of each kind of trouble (they overlap, so no sum within a kind)."""
        parts = {}
        for kind in ("level", "break", "rate"):
            inside = [at for at, metric in enumerate(self.metrics) if getattr(metric, "kind", "") == kind]
            values = self.numbers["money_at_risk"][inside]
            known = ~np.isnan(values).all(axis=0) if inside else np.zeros(self.light.shape[1], dtype=bool)
            most = np.max(np.nan_to_num(values, nan=-np.inf), axis=0, initial=-np.inf)
            parts[kind] = np.where(known, most, np.nan)
        return parts

    def recoverable(self, shares: dict[str, float]) -> FloatArray:
        """Recoverable share of the leg that holds most of each merchant's money at risk."""
        money = np.nan_to_num(self.numbers["money_at_risk"], nan=-1.0)
        by_signal = np.array([shares.get(metric.leg, 0.0) for metric in self.metrics])
        chosen: FloatArray = by_signal[money.argmax(axis=0)]
        return chosen

    def peer_metrics(self, leg: str) -> list[PeerMetric]:
        """Signals of a leg that are compared with peers."""
        return [
            PeerMetric(
                self.metrics[at].id,
                self.metrics[at].better == "higher",
                self.numbers["peer_percentile"][at],
                self.numbers["observed"][at],
                self.numbers["peer_p25"][at],
                self.numbers["peer_p75"][at],
            )
            for at in self.of_leg(leg)
        ]

    def group_of_leg(self, leg: str) -> tuple[TextArray, FloatArray]:
        """Peer group and its size of the leg's first signal that has one."""
        group = np.full(self.light.shape[1], None, dtype=object)
        size = np.full(self.light.shape[1], np.nan)
        for at in reversed(self.of_leg(leg)):
            has = self.peer_group[at] != ""
            group[has] = self.peer_group[at][has]
            size[has] = self.numbers["peer_group_size"][at][has]
        return group, size


def codes_of(column: pa.ChunkedArray, names: tuple[str, ...]) -> npt.NDArray[np.int8]:
    """Codes of names in a text column; names that are not known become 0."""
    found = pa.compute.index_in(column, value_set=pa.array(names, pa.string()))
    codes: npt.NDArray[np.int8] = found.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int8)
    return codes


def leg_lights(signals: WrittenSignals) -> dict[str, LegLight]:
    """Light and reason of every leg of the route; a leg without any metric in the profile is grey."""
    legs = {}
    for leg in LEGS:
        metrics = [_lights(signals, at) for at in signals.of_leg(leg)]
        if metrics:
            legs[leg] = leg_light(metrics)
        else:
            count = signals.light.shape[1]
            legs[leg] = LegLight(np.zeros(count, dtype=np.int8), np.full(count, "not_connected", dtype=object))
    return legs


def _lights(signals: WrittenSignals, at: int) -> MetricLights:
    over = signals.numbers["probability_over_limit"][at]
    unlikely = 1 - signals.numbers["p_value"][at]
    return MetricLights(
        signals.metrics[at].id,
        signals.metrics[at].core,
        signals.light[at],
        signals.star[at],
        signals.grey[at],
        np.where(signals.grey[at] == STALE, signals.grey_reason[at], ""),
        np.where(np.isnan(over), unlikely, over),
    )
