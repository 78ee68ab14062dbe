"""Compile what a run needs later on an idle core while feeds are still being taken in.

A fresh installation spends a quarter of a minute on compiling numerical loops before its first forecast, and nearly as
long on Dagster's modules before its first run. Both are kept on disk, so that another process may compile them: it
forecasts a few made-up series, loads the day's job and is gone.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

NICE = 10  # whoever waits for something goes first


@contextmanager
def compiled_meanwhile() -> Iterator[subprocess.Popen[bytes]]:
    """Compile in a process of its own for as long as the block lasts; whatever becomes of it, the block goes on."""
    command = [sys.executable, "-m", "pipelines.warm"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Forecast a few made-up series with every model, and load the modules of the day's job."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    from pipelines.bench_ensemble import warm_up

    warm_up()
    _say_more_than_on_and_off()
    importlib.import_module("pipelines.definitions")


def _say_more_than_on_and_off() -> None:
    """Plans of depth and price, which the made-up series do not have."""
    from models.forecasting.response_loops import add_own_terms

    plans = np.zeros((1, 1), np.float32)
    scope, yes = np.zeros(1, np.int64), np.ones((1, 1), bool)
    add_own_terms(plans, plans, yes, scope, yes[0], np.zeros((1, 4)), 0.0, 0.0, 0, np.zeros((1, 1)))


if __name__ == "__main__":
    main()
