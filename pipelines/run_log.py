"""Every step of every run leaves a row: what it wrote, how long it took, how much memory the process reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import psutil
import pyarrow as pa

from pipelines.day import Day
from pipelines.tables import tables

# Whoever wants to show which step runs (the shell's status line).
listeners: list[Callable[[str], None]] = []


def peak_megabytes() -> float:
    """Peak resident memory of this process so far, in MB (the present size where the system keeps no peak)."""
    memory = psutil.Process().memory_info()
    return float(getattr(memory, "peak_wset", 0) or _peak_of_unix() or memory.rss) / 1e6


def _peak_of_unix() -> float:
    try:
        import resource
        import sys
    except ImportError:  # pragma: no cover - Windows has no resource module
        return 0.0
    factor = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * factor


def logged(day: Day, name: str, run_id: str, step: Callable[[Day], Mapping[str, int]]) -> Mapping[str, int]:
    """Run a step for a day and append its row to `run_log`; return the rows written per table."""
    for tell in listeners:
        tell(name)
    started_at, started = datetime.now(UTC), time.perf_counter()
    written = step(day)
    seconds = time.perf_counter() - started
    day.lake.append("run_log", _row(day, name, run_id, sum(written.values()), seconds, started_at))
    return written


def _row(day: Day, name: str, run_id: str, rows_out: int, seconds: float, started_at: datetime) -> pa.Table:
    row: dict[str, Any] = {
        "run_id": run_id,
        "step": name,
        "as_of": day.as_of,
        "run_kind": day.kind,
        "rows_in": None,
        "rows_out": rows_out,
        "seconds": seconds,
        "peak_mb": peak_megabytes(),
        "engine": "local",
        "started_at": started_at,
    }
    return pa.Table.from_pylist([row], schema=tables()["run_log"].schema)
