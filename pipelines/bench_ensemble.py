"""The whole forecast (all models, weights, calibrated quantiles) of the benchmark's series, and what it cost.

Series i is the same at every number of series, so that a peer that can do only a few is compared on the same ones. The
newest HORIZON days are held out. Values lie in a file that is read again on every pass, as marts are; making it is not
counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from models.calendar.event import Event
from models.calendar.groups import build_day_groups
from models.forecasting.factors import DayLabels
from models.forecasting.learn import learn
from models.forecasting.learned import Setting
from models.forecasting.panel import Floats, Panel, month_days, weekdays
from models.forecasting.policy import ForecastPolicy
from models.forecasting.predict import forecast_days
from pipelines.bench_forecast import Cost, _peak_mb, _processor
from pipelines.bench_series import DAYS, EVENTS, FIRST, HORIZON, bench_block
from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml

HISTORY = DAYS - HORIZON
CHUNK = 500  # series that are made from one seed
BLOCK = 2000  # series in memory at once
SEED = 20
WARM_UP = 40  # series that are forecast first, so that compiling is not counted
MEASURE = "orders"


class Said(NamedTuple):
    """What a method said of the first series (mean (series, HORIZON), quantiles (7, ...)), and its cost."""

    mean: Floats
    quantiles: Floats
    cost: Cost
    wall_seconds: float


def series_of(first: int, last: int) -> Floats:
    """Series `first` to `last` - 1 (series, DAYS)."""
    chunks = [
        bench_block("shared dates", CHUNK, SEED + chunk).values[
            max(first - chunk * CHUNK, 0) : min(last - chunk * CHUNK, CHUNK)
        ]
        for chunk in range(first // CHUNK, -(-last // CHUNK))
    ]
    return np.concatenate(chunks)


def events() -> list[Event]:
    """The benchmark's events as the calendar has them."""
    return [
        Event(f"{event.name} {event.day}", event.name, (), "peak", event.day, event.day, anchor=event.day)
        for event in EVENTS
    ]


@dataclass(frozen=True)
class FileBlocks:
    """Panels of the series that lie in a file of float32 counts."""

    path: Path
    series: int

    def __call__(self) -> Iterator[Panel]:
        """Read every block anew."""
        for first in range(0, self.series, BLOCK):
            count = min(BLOCK, self.series - first)
            read = np.fromfile(self.path, np.float32, count * HISTORY, offset=first * HISTORY * 4)
            values = read.reshape(count, HISTORY).astype(np.float64)
            ids = np.array([f"s{place:07d}" for place in range(first, first + count)], dtype=object)
            nothing = np.zeros((count, DAYS), bool)
            yield Panel(ids, np.zeros(count, np.int32), FIRST, {MEASURE: values}, ~nothing, nothing, nothing)


def write_series(path: Path, first: int, last: int) -> None:
    """Write the history of series as float32."""
    with path.open("wb") as stream:
        for start in range(first, last, BLOCK):
            series_of(start, min(start + BLOCK, last))[:, :HISTORY].astype(np.float32).tofile(stream)


def ours(first: int, last: int, kept: int) -> Said:
    """Forecast series `first` to `last` - 1; return the first `kept` of them."""
    with TemporaryDirectory(prefix="merchant-gps-bench-") as folder:
        path = Path(folder) / "series"
        write_series(path, first, last)
        _forecast(FileBlocks(path, min(WARM_UP, last - first)), 0)
        started, wall = _processor(), time.perf_counter()
        mean, quantiles = _forecast(FileBlocks(path, last - first), kept)
        return Said(mean, quantiles, Cost(_processor() - started, _peak_mb()), time.perf_counter() - wall)


def warm_up() -> None:
    """Forecast a few series, so that every numerical loop is compiled and kept on disk."""
    with TemporaryDirectory(prefix="merchant-gps-warm-") as folder:
        path = Path(folder) / "series"
        write_series(path, 0, WARM_UP)
        _forecast(FileBlocks(path, WARM_UP), 0)


def _forecast(blocks: FileBlocks, kept: int) -> tuple[Floats, Floats]:
    setting = _setting()
    learned = learn(blocks, setting, [MEASURE])[MEASURE]
    means, quantiles, left = [], [], kept
    for panel in blocks():
        made = forecast_days(learned.made(panel, HORIZON), learned.calibration(HISTORY), setting.policy, whole=False)
        means.append(made.mean[:left])
        quantiles.append(made.quantiles[:, :left])
        left -= len(means[-1])
    return np.concatenate(means), np.concatenate(quantiles, axis=1)


def _setting() -> Setting:
    policy = load_yaml(shipped("policy") / "forecast.yaml", ForecastPolicy)
    groups = build_day_groups(events(), [("", "")], FIRST, DAYS)
    labels = DayLabels(weekdays(FIRST, DAYS), month_days(FIRST, DAYS), groups, np.zeros(DAYS))
    return Setting(labels, HISTORY, policy, {}, FIRST)


def in_two(series: int) -> Said:
    """Two processes side by side, each with half of the series: seconds of both, wall seconds of the slower one."""
    half = series // 2
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = [pool.submit(ours, 0, half, 0), pool.submit(ours, half, series, 0)]
        one, other = (part.result() for part in parts)
    cost = Cost(one.cost.seconds + other.cost.seconds, one.cost.peak_mb + other.cost.peak_mb)
    return Said(one.mean, one.quantiles, cost, max(one.wall_seconds, other.wall_seconds))
