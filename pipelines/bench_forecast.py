"""`merchant-gps bench forecast`: the batched fit of Prophet's model beside Prophet itself, in speed and in outcome.

Each method has a process of its own with one thread, and both fit the same kind of series in the same run. Seconds are
those of the processor (children included: Prophet fits in one), so that what else the machine does counts little.
Making the series and compiling are not counted. Prophet fits a sample, without sampling of intervals. Forecasts are
held against Prophet's twice: where its optimizer stops, and at the maximum that its Newton's method then leads to.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from models.forecasting.batched_prophet.agreement import Agreement, agreement
from models.forecasting.batched_prophet.fit import fit_many
from models.forecasting.batched_prophet.predict import predict
from models.forecasting.batched_prophet.reference import Reference, fit_prophet
from models.forecasting.batched_prophet.settings import ProphetSettings
from pipelines.bench import machine
from pipelines.bench_series import DAYS, EVENTS, FIRST, HORIZON, Block, bench_block, bench_calendar

WAYS = ("shared dates", "missing days", "own covariates")
SAMPLE = 40  # series that Prophet fits per way
BLOCK = 4096
SEED = 20
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
AHEAD = np.arange(DAYS, DAYS + HORIZON)

Result = TypeVar("Result")


class Cost(NamedTuple):
    """Processor seconds and peak resident MB of the process that did the work."""

    seconds: float
    peak_mb: float


def bench_forecast(sizes: list[int], sample: int = SAMPLE) -> dict[str, Any]:
    """Measure every way at each number of series; `ratio` is series per second against Prophet's."""
    rows: list[dict[str, Any]] = []
    for way in WAYS:
        peer, references = alone(_prophet, way, sample, False)
        _, led = alone(_prophet, way, sample, True)
        rows.append(_row(way, "Prophet", sample, peer, None, None, None))
        for single in (False, True) if way == "shared dates" else (False,):
            found, at_maximum = (_agreement(way, said, single) for said in (references, led))
            for size in sizes:
                cost = alone(_batched, way, size, single)
                rows.append(_row(way, _method(single), size, cost, peer.seconds / sample, found, at_maximum))
    return {"name": "forecast", "machine": machine(), "rows": rows}


def alone(work: Callable[..., Result], *arguments: Any) -> Result:
    """Do a piece of work in a fresh process with one thread."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(work, *arguments).result()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def _method(single: bool) -> str:
    return "batched, float32 products" if single else "batched"


def _batched(way: str, series: int, single: bool) -> Cost:
    calendar = bench_calendar()
    _forecast(bench_block(way, 16, 0), calendar, single)  # compiles
    seconds = 0.0
    for block in _blocks(way, series):
        started = _processor()
        _forecast(block, calendar, single)
        seconds += _processor() - started
    return Cost(seconds, _peak_mb())


def _blocks(way: str, series: int) -> Iterator[Block]:
    for start in range(0, series, BLOCK):
        yield bench_block(way, min(BLOCK, series - start), SEED + start)


def _forecast(block: Block, calendar: Any, single: bool) -> tuple[Any, Any]:
    fits = fit_many(block.values, calendar, own=block.own, single=single)
    return fits, predict(fits, calendar, AHEAD, None if block.own is None else block.own[:, :, AHEAD])[0]


def _prophet(way: str, sample: int, to_maximum: bool) -> tuple[Cost, list[Reference]]:
    calendar, block = bench_calendar(), bench_block(way, sample, SEED)
    fit_prophet(block.values[0], FIRST, calendar, EVENTS)  # imports
    started = _processor()
    references = [
        fit_prophet(row, FIRST, calendar, EVENTS, None if block.own is None else block.own[i], HORIZON, to_maximum)
        for i, row in enumerate(block.values)
    ]
    return Cost(_processor() - started, _peak_mb()), references


def _agreement(way: str, references: list[Reference], single: bool) -> Agreement:
    calendar, block = bench_calendar(), bench_block(way, len(references), SEED)
    fits, mean = _forecast(block, calendar, single)
    return agreement(block.values, fits, mean, references, calendar, ProphetSettings(), block.own)


def _processor() -> float:
    """Processor seconds of this process and of children that ended."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def _peak_mb() -> float:
    """Largest resident size of this process.

    Linux tells that of the program that runs (VmHWM); what getrusage tells there includes the parent that started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest / (1e6 if sys.platform == "darwin" else 1e3)


def _row(
    way: str,
    method: str,
    series: int,
    cost: Cost,
    peer_seconds: float | None,
    found: Agreement | None,
    at_maximum: Agreement | None,
) -> dict[str, Any]:
    per_second = series / max(cost.seconds, 1e-9)
    return {
        "what": way,
        "method": method,
        "peer": None if peer_seconds is None else "Prophet",
        "n": series,
        "seconds": round(cost.seconds, 3),
        "per_second": round(per_second, 1),
        "ratio": None if peer_seconds is None else round(per_second * peer_seconds, 1),
        "peak_mb": round(cost.peak_mb),
        "posterior_at_least_peer": None if found is None else round(found.share, 4),
        "wape_to_peer": None if found is None else round(found.wape, 5),
        "wape_at_maximum": None if at_maximum is None else round(at_maximum.wape, 5),
        "kkt_violation": None if found is None else float(f"{found.violation:.1e}"),
    }
