"""A peer of a benchmark, asked by an interpreter of its own, so that its requirements stay out of ours (docs/adr/0021).

A peer is a script beside this file that reads arrays and writes arrays; what it cost is printed as JSON.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from pipelines.bench_forecast import Cost, alone

NOT_INSTALLED = 3  # exit status of a script whose peer is not there


class Answer(NamedTuple):
    """Arrays that a peer made, by name, and what it cost."""

    arrays: dict[str, np.ndarray[Any, Any]]
    cost: Cost


def ask(script: str, method: str, given: Mapping[str, Any], python: str, how: str) -> Answer | str:
    """Let a peer's script work on arrays; a sentence where the interpreter or the peer is not there.

    Parameters
    ----------
    script : str
        Name of a file beside this one; called with the method, a file of `given` and a file to write.
    python : str
        Interpreter that has the peer.
    how : str
        How to get the peer.

    Raises
    ------
    RuntimeError
        When the peer itself fails; says what it printed.
    """
    with TemporaryDirectory(prefix="merchant-gps-bench-") as folder:
        before, after = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(before, **given)
        command = [python, str(Path(__file__).with_name(script)), method, str(before), str(after)]
        try:
            ended = alone(_run, command)
        except OSError as error:
            return f"--peer-python {python} cannot be run: {error}"
        if ended.returncode == NOT_INSTALLED:
            return f"left out; {ended.stderr.strip()} ({how})"
        if ended.returncode:
            raise RuntimeError(f"{method} failed under {python}:\n{ended.stderr}")
        told = json.loads(ended.stdout.splitlines()[-1])
        with np.load(after) as arrays:
            return Answer(dict(arrays), Cost(told["seconds"], told["peak_mb"]))


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
