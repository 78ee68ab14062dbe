"""`merchant-gps bench forecast`, second part: the whole forecast beside others' ways, in speed and in accuracy.

Everyone gets the same series, the same history and events (as far as it can use them) and one thread, and is judged by
the same held-out days. A peer does as many series as it can in about a minute; ours is judged on the same ones, having
learned from all. A peer that is not installed is named, with how to get it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from models.forecasting.errors import ErrorSums, error_sums
from models.forecasting.naive import naive_scale
from models.forecasting.panel import Floats
from models.forecasting.prophet_choice import prophet_forecast
from pipelines.bench_ensemble import HISTORY, Said, events, in_two, ours, series_of
from pipelines.bench_forecast import Cost, _peak_mb, _processor, alone
from pipelines.bench_series import DAYS, EVENTS, FIRST, HORIZON
from pipelines.peer import ask
from pipelines.shell import console

PEER_SERIES = {"prophet": 40, "autoets": 100, "seasonal_naive": 1000, "lightgbm": 1000}
PEERS = tuple(PEER_SERIES)
TITLES = {
    "prophet": "Prophet, 500 samples", "autoets": "statsforecast AutoETS",
    "seasonal_naive": "statsforecast SeasonalNaive", "lightgbm": "LightGBM, one for all, direct",
}  # fmt: skip
HOW = "python -m venv PEERS && PEERS/bin/pip install statsforecast lightgbm, then --peer-python PEERS/bin/python"


def bench_whole(
    sizes: Sequence[int], peers: Sequence[str] = PEERS, python: str | None = None, most: int | None = None
) -> list[dict[str, Any]]:
    """Rows of the comparison.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of series that ours does; a peer does at most the smallest one.
    peers : sequence of str
        Among PEERS.
    python : str, optional
        Interpreter that has the peers; by default the one that runs.
    most : int, optional
        Series that a peer does at most, for a quick run.
    """
    rows = []
    said: dict[str, Said] = {}
    for name in peers:
        count = min(PEER_SERIES[name], *sizes, *([most] if most else []))
        found = alone(_prophet, count) if name == "prophet" else _asked(name, count, python or sys.executable)
        if isinstance(found, str):
            console.print(f"{TITLES[name]}: {found}", soft_wrap=True, markup=False)
        else:
            said[name] = found
            rows.append(_row(TITLES[name], count, count, found))
    kept = max((len(one.mean) for one in said.values()), default=min([1000, *sizes]))
    for size in sizes:
        rows += _rows_of_ours(size, kept, said)
    return rows


def _rows_of_ours(size: int, kept: int, said: dict[str, Said]) -> Iterator[dict[str, Any]]:
    """Ours at a number of series, once per peer on the peer's series, then two processes."""
    one = alone(ours, 0, size, kept)
    for name, theirs in said.items() or [(None, None)]:
        count = kept if theirs is None else len(theirs.mean)
        row = _row("ours, all models", size, count, Said(one.mean[:count], one.quantiles[:, :count], *one[2:]))
        yield row if theirs is None else row | _against(row, TITLES[str(name)], theirs)
    if size >= 2:
        two = alone(in_two, size)
        row = _row("ours, two processes, half each", size, 0, two)
        yield row | {
            "ratio": round(one.wall_seconds / max(two.wall_seconds, 1e-9), 2),
            "peer": "ours, one process (wall)",
        }


def _against(row: dict[str, Any], title: str, theirs: Said) -> dict[str, Any]:
    peer = len(theirs.mean) / max(theirs.cost.seconds, 1e-9)
    return {"peer": title, "ratio": round(row["per_second"] / peer, 1)}


def _row(method: str, series: int, judged: int, said: Said) -> dict[str, Any]:
    cost = said.cost
    row: dict[str, Any] = {
        "method": method, "peer": None, "n": series, "judged": judged or None, "seconds": round(cost.seconds, 3),
        "wall": round(said.wall_seconds, 2), "per_second": round(series / max(cost.seconds, 1e-9), 1), "ratio": None,
        "peak_mb": round(cost.peak_mb),
    }  # fmt: skip
    found = accuracy(said.mean, said.quantiles) if judged else {}
    return row | {name: found.get(name) for name in ("wape", "pinball", "coverage_80", "coverage_95")}


def accuracy(mean: Floats, quantiles: Floats) -> dict[str, float]:
    """Errors on the held-out days of the first series."""
    values = series_of(0, len(mean))
    sums = error_sums(values[:, HISTORY:], mean, quantiles, naive_scale(values, HISTORY))
    total = ErrorSums(*(np.sum(part) for part in vars(sums).values()))
    return {name: round(float(value), 4) for name, value in total.measures().items()}


def _prophet(series: int) -> Said:
    values = series_of(0, series)[:, :HISTORY]
    always, never = np.ones(DAYS, bool), np.zeros(DAYS, bool)
    quiet = logging.getLogger("cmdstanpy")
    quiet.setLevel(logging.CRITICAL)
    quiet.addHandler(logging.NullHandler())  # without one, cmdstanpy sets its own level
    prophet_forecast(values[0], always, never, FIRST, events(), {})  # imports
    started = _processor()
    made = [prophet_forecast(row, always, never, FIRST, events(), {}) for row in values]
    seconds = _processor() - started
    kept = [one for one in made if one is not None]
    mean = np.stack([one.mean for one in kept])
    return Said(mean, np.stack([one.quantiles for one in kept], axis=1), Cost(seconds, _peak_mb()), seconds)


def _asked(name: str, series: int, python: str) -> Said | str:
    """Run a peer by its interpreter; a sentence where it is not there."""
    names = sorted({event.name for event in EVENTS})
    event = np.zeros(DAYS, dtype=np.int64)
    for one in EVENTS:
        event[(one.day - FIRST).days] = names.index(one.name) + 1
    first = (np.datetime64(FIRST) - np.datetime64("1970-01-01")).astype(int)
    given = {"values": series_of(0, series)[:, :HISTORY], "horizon": HORIZON, "event": event, "first": first}
    found = ask("bench_peers.py", name, given, python, HOW)
    if isinstance(found, str):
        return found
    return Said(found.arrays["mean"], found.arrays["quantiles"], found.cost, found.cost.seconds)
