"""Peers of the detectors, each run by an interpreter of its own: PyOD's IForest, HBOS and KNN.

Run as a script, `python bench_risk_peers.py METHOD IN.npz OUT.npz`; needs NumPy and PyOD and nothing of this project
(docs/adr/0021). IN holds `scores` (series, days): residuals, high is bad. OUT holds `scores` (series,): how odd each
series' last day is; what it cost is printed as JSON. Status 3: PyOD is not installed.
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

NOT_INSTALLED = 3
WINDOWS = (1, 3, 7)  # days whose mean residual is a feature
METHODS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "iforest": ("pyod.models.iforest", "IForest", {"random_state": 1, "n_jobs": 1}),
    "hbos": ("pyod.models.hbos", "HBOS", {}),
    "knn": ("pyod.models.knn", "KNN", {"n_jobs": 1}),
}


def features(scores: Any) -> Any:
    """Mean residuals of the last days (series * days, windows), of every day of every series; missing days are 0."""
    total = np.cumsum(np.pad(np.nan_to_num(scores), ((0, 0), (1, 0))), axis=1)
    columns = []
    for days in WINDOWS:
        start = np.maximum(np.arange(scores.shape[1]) + 1 - days, 0)
        columns.append(((total[:, 1:] - total[:, start]) / days).ravel())
    return np.stack(columns, axis=1)


def model_of(method: str) -> Callable[[Any], Any]:
    """Work with a detector of PyOD: fitted on every day of every series, which also scores them."""
    place, name, options = METHODS[method]
    detector = getattr(import_module(place), name)(**options)

    def work(scores: Any) -> Any:
        detector.fit(features(scores))
        return detector.decision_scores_.reshape(scores.shape)[:, -1]

    return work


def main(method: str, given: str, made: str) -> int:
    """Do a method's work; return the exit status."""
    try:
        work = model_of(method)
    except ImportError as error:
        print(f"pyod cannot be imported: {error}", file=sys.stderr)  # noqa: T201
        return NOT_INSTALLED
    with np.load(given) as arrays:
        scores = arrays["scores"].astype(float)
    work(scores[:20])  # imports and compiles
    started = time.process_time()
    found = work(scores)
    seconds = time.process_time() - started
    np.savez(made, scores=found)
    print(json.dumps({"seconds": seconds, "peak_mb": peak_mb(), "version": version("pyod")}))  # noqa: T201
    return 0


def peak_mb() -> float:
    """Largest resident size of this process."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
