"""Temporary folders of a workspace: gone with the work that made them, also when it was killed.

The idea: every folder below `.scratch` has a lock beside it that is held while the work goes on, and the system lets go
of a lock with its process. So whoever comes next can tell a folder of the dead from one of the living, and removes it.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.workspace import Workspace

FOLDER = ".scratch"
WAIT_SECONDS = 60  # making and sweeping take turns; each takes a moment


@contextmanager
def scratch(workspace: Workspace, purpose: str) -> Iterator[Path]:
    """Give a new empty folder for a piece of work, and remove it afterwards.

    Parameters
    ----------
    purpose
        A word for the folder's name, so that whoever finds it knows what it is for.
    """
    folder = workspace.home / FOLDER / f"{purpose}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    lock = FileLock(_lock_of(folder))
    with _turn(workspace):
        lock.acquire(timeout=0)
        folder.mkdir()
    try:
        yield folder
    finally:
        with _turn(workspace):
            _remove(folder)
            lock.release()


def sweep(workspace: Workspace) -> int:
    """Remove the folders of work that died; return how many."""
    swept = 0
    if not (workspace.home / FOLDER).exists():
        return swept
    with _turn(workspace):
        for path in sorted((workspace.home / FOLDER).glob("*.lock")):
            try:
                with FileLock(path, timeout=0):
                    _remove(path.with_suffix(""))
                    swept += 1
            except Timeout:
                continue  # its work goes on
    return swept


def _turn(workspace: Workspace) -> FileLock:
    """Nobody sweeps between the making of a lock and its being held."""
    for folder in (FOLDER, ".locks"):
        (workspace.home / folder).mkdir(parents=True, exist_ok=True)
    return FileLock(workspace.home / ".locks" / "scratch.lock", timeout=WAIT_SECONDS)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _lock_of(folder).unlink(missing_ok=True)
