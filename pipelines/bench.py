"""`merchant-gps bench`: what a day costs, step by step, at growing numbers of merchants.

Every size is simulated into a fresh workspace of its own. History is taken in first; what is measured as the day is
the ingest of one more day and every step after it, in a process of its own as `merchant-gps run` has one: years of
history that the same process has just taken in would count as the day's memory.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil
from rich.table import Table

from pipelines.contracts.ingest import ingest
from pipelines.day import Day
from pipelines.defs.marts.step import update_mart
from pipelines.init import make_workspace
from pipelines.instance import prepare_environment
from pipelines.measure import Measured, measured
from pipelines.shell import console, output
from pipelines.simulate import simulate
from pipelines.steps import steps_of_calculation, steps_of_publishing
from pipelines.workspace import Workspace

END = date(2026, 10, 30)
SEED = 7
MARTS = ("merchant_day", "sku_day")


@dataclass(frozen=True)
class Peers:
    """Whom `bench forecast` and `bench risk` run beside ours (None = all), and the interpreter that has them."""

    names: tuple[str, ...] | None = None
    python: str | None = None


def bench_day(sizes: list[int], days: int, _peers: Peers | None = None) -> dict[str, Any]:
    """Measure a day at each number of merchants; `ratio` is merchants per second against the smallest size."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="merchant-gps-bench-") as folder:
            rows += _rows_of_size(Path(folder) / "workspace", size, days)
    _compare(rows, sizes[0])
    return {"name": "day", "machine": machine(), "rows": rows}


def _rows_of_size(home: Path, size: int, days: int) -> Iterator[dict[str, Any]]:
    make_workspace(home, "neutral")
    workspace = Workspace.at(home)
    prepare_environment(workspace)
    yield _row("simulate", size, measured(lambda: _simulated(workspace, size, days)))
    yield _row("history: ingest", size, measured(lambda: _taken_in(workspace, END - timedelta(days=1))))
    yield _row("history: marts", size, measured(lambda: _marts(workspace)))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        day_rows = process.submit(_rows_of_day, home, size).result()
    yield from day_rows
    total = Measured(
        sum(row["rows"] for row in day_rows),
        sum(row["seconds"] for row in day_rows),
        max(row["peak_mb"] for row in day_rows),
    )
    yield _row("the whole day", size, total)


def _rows_of_day(home: Path, size: int) -> list[dict[str, Any]]:
    workspace = Workspace.at(home)
    prepare_environment(workspace)
    day = Day(workspace, END)
    work: list[tuple[str, Callable[[], int]]] = [
        ("ingest", lambda: _taken_in(workspace, END)),
        ("marts", lambda: _marts(workspace)),
    ]
    steps = [*steps_of_calculation(), *steps_of_publishing()]
    work += [(step.name, partial(_total, step.run, day)) for step in steps]
    return [_row(f"day: {name}", size, measured(one)) for name, one in work]


def _total(step: Callable[[Day], Mapping[str, int]], day: Day) -> int:
    return sum(step(day).values())


def _simulated(workspace: Workspace, size: int, days: int) -> int:
    return sum(simulate(workspace, size, days, END, SEED).rows.values())


def _taken_in(workspace: Workspace, until: date) -> int:
    return sum(report.read for report in ingest(workspace, until=until).feeds.values())


def _marts(workspace: Workspace) -> int:
    return sum(sum(update_mart(workspace, mart).values()) for mart in MARTS)


def _row(what: str, size: int, cost: Measured[int]) -> dict[str, Any]:
    console.print(
        f"{size:>8,} merchants  {what:<28} {cost.seconds:8.1f} s  {cost.peak_mb:8.0f} MB  {cost.result:>12,} rows"
    )
    return {
        "what": what,
        "method": "merchant-gps",
        "peer": None,
        "n": size,
        "seconds": round(cost.seconds, 2),
        "per_second": round(size / max(cost.seconds, 1e-9), 1),
        "ratio": None,
        "peak_mb": round(cost.peak_mb),
        "rows": cost.result,
    }


def _compare(rows: list[dict[str, Any]], smallest: int) -> None:
    base = {row["what"]: row["per_second"] for row in rows if row["n"] == smallest}
    for row in rows:
        row["peer"] = f"{smallest} merchants"
        row["ratio"] = round(row["per_second"] / base[row["what"]], 2)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cpus": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def print_result(result: dict[str, Any]) -> None:
    """Print a benchmark as the tables of docs/benchmarks.md."""
    parts = {f"bench {result['name']}": result["rows"], "the whole forecast": result.get("whole", [])}
    for title, rows in parts.items():
        if rows:
            _print_rows(title, rows, str(result["machine"]))


def _print_rows(title: str, rows: list[dict[str, Any]], caption: str) -> None:
    table = Table(title=title, caption=caption)
    columns = list(rows[0])
    for column in columns:
        table.add_column(column, justify="left" if column in ("what", "method", "peer") else "right")
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    output.print(table)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


def _bench_forecast(sizes: list[int], _days: int, peers: Peers | None = None) -> dict[str, Any]:
    from pipelines.bench_forecast import bench_forecast
    from pipelines.bench_whole import PEERS, bench_whole

    names = PEERS if peers is None or peers.names is None else peers.names
    result = bench_forecast(sizes) if "prophet" in names else {"name": "forecast", "machine": machine(), "rows": []}
    return result | {"whole": bench_whole(sizes, names, peers.python if peers else None)}


def _bench_risk(sizes: list[int], _days: int, peers: Peers | None = None) -> dict[str, Any]:
    from pipelines.bench_risk import PEERS, bench_risk

    names = PEERS if peers is None or peers.names is None else peers.names
    return bench_risk(sizes, names, peers.python if peers else None)


BENCHES: dict[str, Callable[..., dict[str, Any]]] = {
    "day": bench_day,
    "forecast": _bench_forecast,
    "risk": _bench_risk,
}
# Sizes and peers of the benchmarks that take series.
SERIES_OF = {"forecast": "1000,20000", "risk": "35715"}
PEERS_OF = {
    "forecast": ("prophet", "autoets", "seasonal_naive", "lightgbm"),
    "risk": ("iforest", "hbos", "knn", "pandas"),
}
