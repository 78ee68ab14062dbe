"""Compile the forecast's numerical loops on an idle core while feeds are still being taken in.

A fresh installation spends a quarter of a minute on compiling before its first forecast. The loops are kept on disk by
numba, so that another process may compile them: it forecasts a few made-up series and is gone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
    """Forecast a few made-up series with every model."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    from pipelines.bench_ensemble import warm_up

    warm_up()


if __name__ == "__main__":
    main()
