"""Everything else the step reads, as arrays in the order of its merchants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.forecasting.residuals import DRIFT, WEEK
from models.metrics.catalogue import Break
from models.metrics.lights import LIGHT_NAMES
from models.metrics.profile import Profile
from pipelines.day import Day
from pipelines.defs.risk import frozen, silent
from pipelines.defs.risk.panel import Merchants
from pipelines.policy import load_risk_settings

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Residuals:
    """Forecast residuals of a break metric, arrays (merchants, days), the last day as_of."""

    actual: FloatArray
    mean: FloatArray
    q025: FloatArray
    q10: FloatArray
    z: FloatArray


@dataclass(frozen=True)
class Freshness:
    """State of one feed for each merchant."""

    connected: BoolArray
    stale: BoolArray
    since: npt.NDArray[np.int64]  # days since 1970, of the first day without data; -1 where fresh


@dataclass(frozen=True)
class Earlier:
    """Signals of earlier days, arrays (metrics, merchants)."""

    light: npt.NDArray[np.int8]  # of the newest earlier day; -1 = not there
    since: npt.NDArray[np.int64]  # days since 1970
    frozen: FloatArray | None  # values of the week's first day; None on that day itself


@dataclass(frozen=True)
class DayReadings:
    """What the step reads beside the panels."""

    residuals: dict[tuple[str, int], Residuals]
    sums: dict[tuple[str, int], FloatArray]  # residuals of seven-day sums by measure and horizon
    levels: dict[str, FloatArray]
    freshness: dict[str, Freshness]
    gmv_ahead: FloatArray
    event_days: npt.NDArray[np.int64]
    earlier: Earlier


def read_day(
    day: Day, merchants: Merchants, profile: Profile, windows: list[tuple[str, str]], residual_days: int, gmv_days: int
) -> DayReadings:
    """Read residuals, states, freshness, forecast gmv, event days and earlier signals.

    Parameters
    ----------
    windows
        Metric and window of each signal, in the order of the arrays of `Earlier`.
    """
    names = (
        "forecast_residuals",
        "replenishment_plan",
        "service_hour",
        "roster",
        "feed_status",
        "volume_forecast_sum",
        "event_calendar",
        "metric_signals",
    )
    with day.connect(*names) as connection:
        connection.register("day_merchants", merchants.places())
        first = day.as_of - timedelta(days=residual_days - 1)
        breaks = [metric for metric in profile.metrics if isinstance(metric, Break)]
        residuals: dict[tuple[str, int], Residuals] = {
            (metric.measure, metric.horizon): _residuals(day, connection, merchants, metric, first, residual_days)
            for metric in breaks
        }
        sums = {
            key: _matrices(day, connection, merchants, *key, first, residual_days, ("z",))["z"]
            for key in _sums_of(breaks)
        }
        levels = day.query(connection, __file__, "sql/levels.sql", **profile_parameters(profile))
        gmv = day.query(connection, __file__, "sql/gmv_ahead.sql", days=gmv_days)
        return DayReadings(
            residuals,
            sums,
            {name: to_floats(levels.column(name)) for name in levels.column_names if name != "place"},
            _freshness(day, connection, merchants),
            scatter(gmv, "gmv", merchants.count),
            event_days(day.query(connection, __file__, "sql/event_days.sql", first=first), residual_days),
            _earlier(day, connection, merchants, windows),
        )


def profile_parameters(profile: Profile) -> dict[str, Any]:
    """Numbers that the level table is counted with, as bound values of its SQL."""
    return profile.levels.model_dump(exclude={"open_hours", "odd_price", "price_days", "price_least_days"})


def to_floats(column: pa.ChunkedArray) -> FloatArray:
    """Column as float64 with NaN for NULL."""
    floats: FloatArray = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return floats


def scatter(rows: pa.Table, name: str, count: int) -> FloatArray:
    """Array (merchants,) of a column of rows with places; NaN where there is no row."""
    values = np.full(count, np.nan)
    values[rows.column("place").to_numpy()] = to_floats(rows.column(name))
    return values


def event_days(rows: pa.Table, days: int) -> npt.NDArray[np.int64]:
    """Kind of each day: 1 with the peak of an event, else 0."""
    kinds = np.zeros(days, dtype=np.int64)
    kinds[rows.column("day").to_numpy()] = 1
    return kinds


def _sums_of(breaks: Sequence[Break]) -> list[tuple[str, int]]:
    """Measure and horizon of the seven-day sums that join the days of breaks; a week's own is read with the break."""
    weeks = {(metric.measure, WEEK) for metric in breaks if metric.horizon == 1}
    drifts = {(metric.measure, DRIFT) for metric in breaks}
    return sorted({(str(measure), horizon) for measure, horizon in weeks | drifts})


def _residuals(
    day: Day, connection: duckdb.DuckDBPyConnection, merchants: Merchants, metric: Break, first: date, days: int
) -> Residuals:
    names = ("actual", "mean", "q025", "q10", "z")
    return Residuals(**_matrices(day, connection, merchants, metric.measure, metric.horizon, first, days, names))


def _matrices(
    day: Day,
    connection: duckdb.DuckDBPyConnection,
    merchants: Merchants,
    measure: str,
    horizon: int,
    first: date,
    days: int,
    names: Sequence[str],
) -> dict[str, FloatArray]:
    """Columns of `forecast_residuals` as arrays (merchants, days); NaN where there is no row."""
    rows = day.query(connection, __file__, "sql/residuals.sql", measure=measure, horizon=horizon, first=first)
    place, at = rows.column("place").to_numpy(), rows.column("day").to_numpy()
    matrices = {name: np.full((merchants.count, days), np.nan) for name in names}
    for name, values in matrices.items():
        values[place, at] = to_floats(rows.column(name))
    return matrices


def _freshness(day: Day, connection: duckdb.DuckDBPyConnection, merchants: Merchants) -> dict[str, Freshness]:
    rows = day.query(connection, __file__, "sql/feed_status.sql")
    feeds = rows.column("feed").to_numpy(zero_copy_only=False)
    result = {}
    for feed in np.unique(feeds.astype(str)):
        of_feed = rows.filter(pa.array(feeds == feed))
        place = of_feed.column("place").to_numpy()
        connected = np.zeros(merchants.count, dtype=bool)
        connected[place] = of_feed.column("connected").to_numpy(zero_copy_only=False).astype(bool)
        stale = np.zeros(merchants.count, dtype=bool)
        stale[place] = of_feed.column("status").to_numpy(zero_copy_only=False) == "stale"
        since = np.full(merchants.count, -1, dtype=np.int64)
        since[place] = of_feed.column("since").cast(pa.int32()).fill_null(-1).to_numpy()
        result[str(feed)] = Freshness(connected, stale, since)
    return result | _without_news(day, result)


def _without_news(day: Day, known: dict[str, Freshness]) -> dict[str, Freshness]:
    """Freshness of feeds that repeat the day before or deliver next to nothing: nobody's figures are news.

    Whoever is silent for longer stays so since then.
    """
    settings = load_risk_settings(day.workspace)
    first = min(frozen.first_day(day), silent.first_day(day, settings))
    with day.connect("merchant_day", "feed_status", since=first) as connection:
        still = frozen.frozen_feeds(day, connection, settings.incidents)
        empty = silent.silent_feeds(day, connection, settings)
    since = {one.feed: one.since for one in still}
    since |= {one.feed: one.empty_since for one in empty if one.empty_since}
    result = {}
    for feed, first_on in since.items():
        if state := known.get(feed):
            days = np.where(state.stale, state.since, (first_on - EPOCH).days)
            result[feed] = Freshness(state.connected, np.ones_like(state.stale), days)
    return result


def _earlier(
    day: Day, connection: duckdb.DuckDBPyConnection, merchants: Merchants, windows: list[tuple[str, str]]
) -> Earlier:
    week_start = day.as_of - timedelta(days=day.as_of.weekday())
    days = day.query(connection, __file__, "sql/earlier_days.sql", week_start=week_start).to_pylist()[0]
    wanted = pa.table(
        {
            "metric": [metric for metric, _ in windows],
            "window": [window for _, window in windows],
            "position": list(range(len(windows))),
        }
    )
    connection.register("day_metrics", wanted)
    shape = (len(windows), merchants.count)
    light = np.full(shape, -1, dtype=np.int8)
    since = np.full(shape, -1, dtype=np.int64)
    if days["newest"] is not None:
        rows = day.query(connection, __file__, "sql/earlier_signals.sql", earlier=days["newest"])
        at = (rows.column("position").to_numpy(), rows.column("place").to_numpy())
        codes = {name: code for code, name in enumerate(LIGHT_NAMES)}
        light[at] = [codes.get(name, -1) for name in rows.column("light").to_pylist()]
        since[at] = rows.column("since").cast(pa.int32()).fill_null(-1).to_numpy()
    frozen = None
    if days["frozen"] is not None:
        rows = day.query(connection, __file__, "sql/earlier_signals.sql", earlier=days["frozen"])
        frozen = np.full(shape, np.nan)
        known = rows.filter(pa.compute.not_equal(rows.column("light"), "grey"))
        at = (known.column("position").to_numpy(), known.column("place").to_numpy())
        frozen[at] = to_floats(known.column("observed"))
    return Earlier(light, since, frozen)
