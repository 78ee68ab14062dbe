"""Peers of the forecast, each run by an interpreter of its own: statsforecast and LightGBM.

Run as a script, `python bench_peers.py METHOD IN.npz OUT.npz`; needs NumPy and the peer and nothing of this project,
because a peer may want other versions (statsforecast 2.1 wants pandas below 3). IN holds `values` (series, days),
`horizon`, `event` (days + horizon; 0 = none, else which) and `first` (days since 1970-01-01). OUT holds `mean` (series,
horizon) and `quantiles` (7, series, horizon); what it cost is printed as JSON. Status 3: the peer is not installed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np

LEVELS = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
NOT_INSTALLED = 3
WEEK, ORIGINS = 7, 26  # weekly origins that LightGBM learns from
TREES = {"num_leaves": 63, "learning_rate": 0.05, "min_data_in_leaf": 100, "verbose": -1, "num_threads": 1, "seed": 1}
ROUNDS = 300
STRATA = 5  # of volume, by which LightGBM's errors become quantiles


def statsforecast_model(name: str) -> Callable[..., Any]:
    """Work with a model of statsforecast, weekly season, series by series."""
    model = getattr(import_module("statsforecast.models"), name)(season_length=WEEK)

    def work(values: Any, horizon: int, **_: Any) -> tuple[Any, Any]:
        mean, quantiles = np.empty((len(values), horizon)), np.empty((7, len(values), horizon))
        for row, series in enumerate(values):
            said = model.forecast(y=series, h=horizon, level=[50, 80, 95])
            mean[row] = said["mean"]
            for place, bound in enumerate(("lo-95", "lo-80", "lo-50", "mean", "hi-50", "hi-80", "hi-95")):
                quantiles[place, row] = said[bound]
        return np.maximum(mean, 0.0), np.maximum(quantiles, 0.0)

    return work


def lightgbm_model() -> Callable[..., Any]:
    """One model for all series and horizons: what stood at the origin, and the calendar of the day that is meant."""
    library = import_module("lightgbm")

    def fit(values: Any, known: int, horizon: int, event: Any, first: int) -> Any:
        parts = [
            (features(values, origin, horizon, event, first), *targets(values, origin, horizon))
            for origin in range(known - horizon, known - horizon - WEEK * ORIGINS, -WEEK)
        ]
        rows, ratio, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
        data = library.Dataset(rows, ratio, weight=weight, free_raw_data=True)
        return library.train({"objective": "regression", **TREES}, data, ROUNDS)

    def said(model: Any, values: Any, origin: int, horizon: int, event: Any, first: int) -> Any:
        ratio = model.predict(features(values, origin, horizon, event, first), num_threads=1)
        return np.maximum(ratio.reshape(len(values), horizon) * level(values, origin)[:, None], 0.0)

    def work(values: Any, horizon: int, event: Any, first: int) -> tuple[Any, Any]:
        known = values.shape[1]
        before = known - horizon
        past = said(fit(values, before, horizon, event, first), values, before, horizon, event, first)
        mean = said(fit(values, known, horizon, event, first), values, known, horizon, event, first)
        return mean, quantiles_of(mean, values[:, before:] / np.maximum(past, 0.1), level(values, known))

    return work


def level(values: Any, origin: int) -> Any:
    """Mean of the 28 days before an origin (series,)."""
    return np.maximum(values[:, origin - 28 : origin].mean(axis=1), 0.1)


def targets(values: Any, origin: int, horizon: int) -> tuple[Any, Any]:
    """Days after an origin over the level there, and the level as weight, row by row."""
    base = level(values, origin)[:, None]
    ahead = values[:, origin : origin + horizon]
    return (ahead / base).ravel(), np.broadcast_to(base, ahead.shape).ravel()


def features(values: Any, origin: int, horizon: int, event: Any, first: int) -> Any:
    """One row per series and day ahead (series * horizon, features), from what was known at the origin."""
    base = level(values, origin)
    of_series = [np.log(base)] + [
        values[:, max(origin - days, 0) : origin].mean(axis=1) / base for days in (7, 91, 364)
    ]
    of_series.append(values[:, origin - 28 : origin].std(axis=1) / base)
    ahead = origin + np.arange(horizon)
    days = first + ahead
    # The same weekday of the last one, four and twelve weeks, and the same days a year before.
    back = origin - WEEK + (ahead - origin) % WEEK
    weeks = np.stack([values[:, back - WEEK * week] for week in range(12)], axis=0) / base[:, None]
    year = values[:, np.maximum(ahead - 364, 0)] / base[:, None]
    of_both = [weeks[0], weeks[:4].mean(axis=0), weeks.mean(axis=0), year]
    of_day = [np.arange(horizon), (days + 3) % 7, (days % 365.25) // 7, event[ahead]]
    shape = (len(values), horizon)
    columns = [np.broadcast_to(one[:, None], shape) for one in of_series]
    columns += [*of_both, *(np.broadcast_to(one, shape) for one in of_day)]
    return np.stack([np.asarray(column, dtype=np.float32).ravel() for column in columns], axis=1)


def quantiles_of(mean: Any, ratio: Any, size: Any) -> Any:
    """Means times quantiles of what came over what had been said, by stratum of size (7, series, horizon)."""
    bounds = np.quantile(size, np.arange(1, STRATA) / STRATA)
    stratum = np.searchsorted(bounds, size)
    spread = np.stack([
        np.quantile(ratio[stratum == one] if (stratum == one).any() else ratio, LEVELS) for one in range(STRATA)
    ])  # fmt: skip
    return spread[stratum].T[:, :, None] * mean[None]


METHODS: dict[str, tuple[str, Callable[[], Callable[..., Any]]]] = {
    "autoets": ("statsforecast", lambda: statsforecast_model("AutoETS")),
    "seasonal_naive": ("statsforecast", lambda: statsforecast_model("SeasonalNaive")),
    "lightgbm": ("lightgbm", lightgbm_model),
}


def main(method: str, given: str, made: str) -> int:
    """Do a method's work; return the exit status."""
    package, make = METHODS[method]
    try:
        work = make()
    except ImportError as error:
        print(f"{package} cannot be imported: {error}", file=sys.stderr)  # noqa: T201
        return NOT_INSTALLED
    with np.load(given) as arrays:
        values, horizon = arrays["values"].astype(float), int(arrays["horizon"])
        more = {"event": arrays["event"], "first": int(arrays["first"])}
    if package == "statsforecast":
        work(values[:2], horizon)  # compiles
    started = time.process_time()
    mean, quantiles = work(values, horizon, **more)
    seconds = time.process_time() - started
    np.savez(made, mean=mean, quantiles=quantiles)
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "version": version(package)}))  # noqa: T201
    return 0


def peak_mb() -> float:
    """Largest resident size of this process; Linux tells that of the program alone (VmHWM)."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - a script of few imports
            return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM"))
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
