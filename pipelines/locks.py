"""Locks of a workspace: who may do what beside whom.

The idea: a lock is a file that the system lets go of with the process that held it, so a killed run locks nobody out.

- `run`: one run at a time, whether the command or Dagster started it, and maintenance between runs;
- `ingest`: one process at a time takes in files and brings the marts up to date, whoever asked for it;
- `backtest-NAME`: one backtest of a name at a time; others go on beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from pipelines.workspace import Workspace

RUN, INGEST = "run", "ingest"
INGEST_SECONDS = 3600  # a first history of a large platform takes its time


class LockHeldError(ValueError):
    """Another process holds a lock; says which, and that it goes with its process."""


@contextmanager
def held(workspace: Workspace, name: str, wait_seconds: float = 0, who: str = "another run") -> Iterator[None]:
    """Hold a lock of the workspace.

    Parameters
    ----------
    wait_seconds
        How long to wait for whoever holds it; 0 gives up at once.
    who
        What the other one is, for the message.

    Raises
    ------
    LockHeldError
        When it is still held then.
    """
    folder = workspace.home / ".locks"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.lock"
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        waited = f" after {wait_seconds:g} seconds" if wait_seconds else ""
        raise LockHeldError(
            f"{who} holds {path}{waited}; wait for it to end (the lock goes with its process)"
        ) from None
    try:
        yield
    finally:
        lock.release()
