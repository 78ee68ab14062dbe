"""Locks of the workspace: who holds one, and which were left by a process that is gone.

A lock of the system goes with its process, and its empty file may stay. Where the disk knows no such locks, a file with
the holder's process number and host stands for the lock, and that one can be left behind.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

from pipelines.contracts.wording import visible
from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient
from pipelines.scratch import FOLDER as SCRATCH

MEANS = {
    "run": "a run",
    "ingest": "a process that takes in files or builds marts",
    "deliver": "a delivery",
    "notifications": "a writer of messages",
    "scratch": "a process that makes or removes temporary folders",
}
BACKTEST = "backtest-"


def check(patient: Patient) -> Iterator[Finding]:
    """Yield locks that are held, or left behind."""
    for path in sorted((patient.workspace.home / ".locks").glob("*.lock")):
        who = meaning(path.stem)
        holder = written_holder(path)
        if holder is not None and not patient.machine.process_lives(holder):
            yield Finding(
                "locks.left",
                "error",
                f"{who} of process {holder} is gone and has left its lock",
                str(path),
                f"make sure that no merchant-gps runs on another machine, then run: rm '{path}'",
            )
        elif holder is not None or is_held(path):
            named = f" (process {holder})" if holder is not None else ""
            yield Finding(
                "locks.held",
                "hint",
                f"{who} is at work{named}",
                str(path),
                "nothing to mend; the lock goes with its process",
            )
    yield from _scratch(patient.workspace.home / SCRATCH)


def _scratch(folder: Path) -> Iterator[Finding]:
    """Temporary folders whose work died, by the locks beside them."""
    left = [path for path in sorted(folder.glob("*.lock")) if not is_held(path)]
    if left:
        yield Finding(
            "locks.scratch_left",
            "hint",
            f"{len(left)} temporary folders of work that was killed",
            str(folder),
            "nothing to mend; the next run removes them",
        )


def meaning(name: str) -> str:
    """Who holds the lock of a name."""
    if name.startswith(BACKTEST):
        return f"the backtest {visible(name.removeprefix(BACKTEST))!r}"
    return MEANS.get(name, "a process")


def written_holder(path: Path) -> int | None:
    """Process number in a lock file of this host; None where there is none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        return None
    if not lines or not lines[0].isdigit():
        return None
    elsewhere = len(lines) > 1 and lines[1] != socket.gethostname()
    return None if elsewhere else int(lines[0])


def is_held(path: Path) -> bool:
    """Whether some process holds the system's lock on a file; asked for a moment, shared, so that nothing changes."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows
        return False
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_UN)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
