"""What to do about faults of the machine: a full disk, a folder that may not be written, a locked database.

The idea: the same fault reaches us in the words of four libraries (the system, the Delta writer, the engine, SQLite),
so it is known by those words, wherever in the chain of causes they stand; every fault has one sentence that says how to
mend it. What is not known here is a mistake in the program and keeps its trace.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipelines.workspace import HOME_VARIABLE

FULL = (
    "the disk is full. Free some space (merchant-gps maintain removes files that no version needs), then run again: "
    "what was written before stands, and the next run makes the rest"
)
FAILING = (
    "the disk is full, or it fails. Look at its free space (df) and at the system's log, mend it, then run again: what "
    "was written before stands, and the next run makes the rest"
)
READ_ONLY = "the folder is on a file system that is mounted read-only. Mount it writable, then run again"
FORBIDDEN = "this user may not write there. Give it the folder (chown or chmod), or run as its owner; then run again"
LOCKED = (
    "Dagster's storage is locked by another process. Close what holds it open (a database tool, a backup), then run "
    "again; where many processes write at once, use PostgreSQL (docs/guide/operator.md)"
)
# Words of the fault in lower case, and what to do; the first that is found counts.
KNOWN = {
    ("no space left on device", "os error 28)", "database or disk is full", "disk quota exceeded"): FULL,
    ("disk i/o error", "input/output error", "os error 5)"): FAILING,
    ("read-only file system", "os error 30)"): READ_ONLY,
    (
        "permission denied",
        "os error 13)",
        "attempt to write a readonly database",
        "unable to open database file",
    ): FORBIDDEN,
    ("database is locked", "database table is locked"): LOCKED,
}


def advice(text: str) -> str | None:
    """What to do about a fault that a text tells of; None when it tells of none."""
    found = text.lower()
    return next((what for words, what in KNOWN.items() if any(word in found for word in words)), None)


def explained(error: BaseException) -> str | None:
    """One sentence for a known fault of the machine: where, what, and how to mend it; None for any other error."""
    for cause in _chain(error):
        what = advice(f"{cause}")
        if what is not None:
            return f"{_where(cause)}{what}"
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _where(error: BaseException) -> str:
    """The file, where the system names one; else the library's own words and the workspace."""
    name = getattr(error, "filename", None)
    if isinstance(name, str):
        return f"{Path(name)}: "
    home = os.environ.get(HOME_VARIABLE)
    return f"{str(error).strip().splitlines()[0]}\n" + (f"in workspace {home}: " if home else "")
