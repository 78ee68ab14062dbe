"""`merchant-gps bench risk`: the risk step's scoring of a measure beside what others would use, in speed and in finds.

Everyone gets the same series and one thread in a process of its own; seconds are those of the processor, making the
series and compiling are not counted. One series of two hundred is two deviations worse than usual in its last week;
how many of them are among as many highest scores of the last day stands beside the speed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.metrics.grouping import Grouping
from models.risk.detection import detect
from models.risk.ranks import calibrate, volume_strata
from models.risk.residuals import Scores
from models.risk.scored import ScoredMetric
from models.risk.scoring import weigh
from models.risk.settings import RiskSettings
from models.risk.trimming import lasting_trouble
from pipelines.bench import machine
from pipelines.bench_forecast import Cost, _peak_mb, alone
from pipelines.peer import ask
from pipelines.shell import console
from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml

FloatArray = npt.NDArray[np.float64]

DAYS, TROUBLED, WEEK = 56, 200, 7  # days of scores; one series of so many is in trouble
SEED = 11
ROLLING = 28
# Series that a peer does at most: about a minute each.
PEER_SERIES = {"iforest": 35_715, "hbos": 35_715, "knn": 1_000, "pandas": 35_715}
PEERS = tuple(PEER_SERIES)
TITLES = {"iforest": "PyOD IForest", "hbos": "PyOD HBOS", "knn": "PyOD KNN", "pandas": "pandas, rolling robust z"}
HOW = "python -m venv PEERS && PEERS/bin/pip install pyod, then --peer-python PEERS/bin/python"


class Judged(NamedTuple):
    """Scores of the last day (series,), high is bad, and what they cost."""

    scores: FloatArray
    cost: Cost


def bench_risk(sizes: Sequence[int], peers: Sequence[str] = PEERS, python: str | None = None) -> dict[str, Any]:
    """Measure our scoring at each number of series, and each peer at the smallest one or what it can do.

    `per_second` counts series-days; `ratio` is ours over a peer's.
    """
    rows = []
    theirs = {}
    for name in peers:
        count = min(PEER_SERIES[name], *sizes)
        found = alone(_pandas, count) if name == "pandas" else _asked(name, count, python or sys.executable)
        if isinstance(found, str):
            console.print(f"{TITLES[name]}: {found}", soft_wrap=True, markup=False)
            continue
        theirs[name] = found
        rows.append(_row("scoring", TITLES[name], count, found))
    for size in sizes:
        rows += _rows_of_ours(size, theirs)
    return {"name": "risk", "machine": machine(), "rows": rows}


def _rows_of_ours(size: int, theirs: dict[str, Judged]) -> Iterator[dict[str, Any]]:
    whole = alone(_ours, _weighed, size)
    base = _row("scoring", "ours: groups, detectors, calibration, leg, oddness", size, whole)
    for name, found in theirs.items() or [("", None)]:
        if found is None:
            yield base
            continue
        count = len(found.scores)
        again = whole if count == size else alone(_ours, _weighed, count)
        peer = count * DAYS / max(found.cost.seconds, 1e-9)
        # Finds are compared on the same series; speed is that of the whole.
        yield base | {
            "peer": TITLES[name], "ratio": round(base["per_second"] / peer, 2), "judged": count,
            "found": share_found(again.scores),
        }  # fmt: skip
    for title, work in (("of that: detectors and their calibration", _detected), ("one calibration", _calibrated)):
        yield _row("scoring", title, size, alone(_ours, work, size))


def _row(what: str, method: str, series: int, judged: Judged) -> dict[str, Any]:
    return {
        "what": what, "method": method, "peer": None, "n": series * DAYS, "seconds": round(judged.cost.seconds, 2),
        "per_second": round(series * DAYS / max(judged.cost.seconds, 1e-9)), "ratio": None,
        "peak_mb": round(judged.cost.peak_mb), "judged": series, "found": share_found(judged.scores),
    }  # fmt: skip


def residuals_of(series: int) -> FloatArray:
    """Residuals (series, DAYS), high is bad: levels that wander, heavy tails, missing days, some in trouble at last."""
    rng = np.random.default_rng(SEED)
    shape = (series, DAYS)
    wander = np.zeros(shape)
    steps = rng.normal(0, 0.5, shape)
    for day in range(1, DAYS):
        wander[:, day] = 0.5 * wander[:, day - 1] + steps[:, day]
    scores = 0.8 * rng.standard_t(6, shape) + wander
    scores[rng.random(shape) < 0.02] = np.nan
    scores[troubled(series), -WEEK:] += 2.0
    return scores


def troubled(series: int) -> npt.NDArray[np.bool_]:
    """Which series are in trouble."""
    return np.asarray(np.arange(series) % TROUBLED == TROUBLED // 2)


def share_found(scores: FloatArray) -> float:
    """Share of the troubled series among as many series with the highest scores."""
    bad = troubled(len(scores))
    if not bad.any():
        return float("nan")
    ranked = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")
    return round(float(bad[ranked[: int(bad.sum())]].mean()), 3)


def _settings() -> RiskSettings:
    return load_yaml(shipped("policy") / "risk.yaml", RiskSettings)


def _ours(work: Callable[[FloatArray, RiskSettings], FloatArray], series: int) -> Judged:
    settings, scores = _settings(), residuals_of(series)
    work(scores[:500], settings)  # imports
    started = time.process_time()
    found = work(scores, settings)
    return Judged(found, Cost(time.process_time() - started, _peak_mb()))


def _strata(scores: FloatArray, settings: RiskSettings) -> npt.NDArray[np.int64]:
    volume = np.exp(np.random.default_rng(SEED).normal(3, 1.5, len(scores)))
    return volume_strata(volume, settings.calibration.volume_strata)


def _weighed(scores: FloatArray, settings: RiskSettings) -> FloatArray:
    """Everything that the step does with one metric's scores, groups of category and region included."""
    rng = np.random.default_rng(SEED)
    count = len(scores)
    volume = np.exp(rng.normal(3, 1.5, count))
    groupings = {
        "platform": Grouping(np.zeros(count, np.int64), ("all",)),
        "category": Grouping(rng.integers(0, 20, count), tuple(f"c{one}" for one in range(20))),
        "region": Grouping(rng.integers(0, 30, count), tuple(f"r{one}" for one in range(30))),
    }
    known = Scores(scores, volume, volume, volume, np.ones(count))
    evidence = weigh(
        [ScoredMetric("sales.forecast_break", "sales", known, 1)], groupings, volume, np.zeros(DAYS, np.int64), settings
    )
    return -np.log(evidence.legs["sales"].p_value)


def _detected(scores: FloatArray, settings: RiskSettings) -> FloatArray:
    trimmed = lasting_trouble(scores, settings.calibration)
    found = detect(
        scores, _strata(scores, settings), np.zeros(DAYS, np.int64), trimmed, settings.calibration, settings.detectors
    )
    return -np.log(found.p_value[:, -1])


def _calibrated(scores: FloatArray, settings: RiskSettings) -> FloatArray:
    p_value = calibrate(scores, _strata(scores, settings), np.zeros(DAYS, np.int64), settings.calibration)
    return -np.log(p_value[:, -1])


def rolling_robust_z(scores: FloatArray) -> FloatArray:
    """What a notebook would do: (value - median) / (1.4826 MAD) of the days before, over long rows of pandas."""
    count = len(scores)
    long = pd.DataFrame({"series": np.repeat(np.arange(count), DAYS), "value": scores.ravel()})
    before = long.groupby("series")["value"].shift(1)
    rolling = before.groupby(long["series"]).rolling(ROLLING, min_periods=7)
    middle = rolling.median().to_numpy()
    beside = (before - middle).abs().groupby(long["series"]).rolling(ROLLING, min_periods=7).median().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (long["value"].to_numpy() - middle) / (1.4826 * beside)
    return np.asarray(z).reshape(count, DAYS)


def _pandas(series: int) -> Judged:
    scores = residuals_of(series)
    rolling_robust_z(scores[:50])
    started = time.process_time()
    found = rolling_robust_z(scores)[:, -1]
    return Judged(found, Cost(time.process_time() - started, _peak_mb()))


def _asked(name: str, series: int, python: str) -> Judged | str:
    """Run a peer by its interpreter; a sentence where it is not there."""
    found = ask("bench_risk_peers.py", name, {"scores": residuals_of(series)}, python, HOW)
    return found if isinstance(found, str) else Judged(found.arrays["scores"], found.cost)
