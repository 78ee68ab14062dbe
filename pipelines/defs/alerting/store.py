"""The outbox table behind one lock, and the journal that makes a sent message known at once.

The idea: send, then mark. The mark is one line in a journal on disk, written the moment the receiver has answered; the
table takes the lines over in one commit per delivery. Whoever is killed between the answer and the line sends the same
message again, with the same idempotency key: a duplicate that can be recognized, never a loss.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import FileLock

from pipelines.lake import Lake
from pipelines.tables import tables
from pipelines.workspace import Workspace

TABLE = "notifications"
RUN_PREFIX = "run-failure-"
LATE_PREFIX = "late-day-"
# Messages that are not decided by a day's run, and stay when the day is run again.
OWN_PREFIXES = (RUN_PREFIX, LATE_PREFIX)
FOLLOW_UPS = ("escalate", "remind")
QUIET_KEY = "merchant-gps:quiet-"
LOCK_SECONDS = 120


@dataclass(frozen=True)
class Mark:
    """What came of one attempt."""

    notification_id: str
    as_of: date
    status: str
    attempts: int
    error: str | None
    sent_at: datetime | None
    next_attempt_at: datetime | None


def notifications_lock(workspace: Workspace) -> AbstractContextManager[Any]:
    """Only one process at a time reads the outbox to write it back."""
    folder = workspace.home / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "notifications.lock", timeout=LOCK_SECONDS)


def rows_of_day(lake: Lake, day: date) -> list[dict[str, Any]]:
    """Messages about a day's alerts, in a stable order."""
    rows = lake.read(TABLE, where=f"as_of = DATE '{day.isoformat()}'").to_pylist()
    return sorted(rows, key=lambda row: row["notification_id"])


def delivery_lock(workspace: Workspace) -> FileLock:
    """One sender at a time; raises `filelock.Timeout` at once when there is another."""
    folder = workspace.home / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "deliver.lock", timeout=0)


def known_rows(workspace: Workspace, day: date) -> list[dict[str, Any]]:
    """Messages about a day's alerts with what a delivery has noted of them since; nothing is written."""
    rows = rows_of_day(workspace.lake, day)
    apply_marks(rows, {mark.notification_id: mark for mark in Journal(workspace).read() if mark.as_of == day})
    return rows


class Journal:
    """Marks that the table does not hold yet, one JSON line each."""

    def __init__(self, workspace: Workspace) -> None:
        self.path: Path = workspace.home / ".delivery" / "journal.jsonl"

    def write(self, mark: Mark) -> None:
        """Add a line and wait until it is on disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(asdict(mark), default=lambda value: value.isoformat(), ensure_ascii=True)
        with self.path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[Mark]:
        """All marks, oldest first; a line that was cut off by a kill is no mark: its message goes out again."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="ascii", errors="replace").splitlines()
        return [mark for mark in map(_mark, lines) if mark is not None]

    def clear(self) -> None:
        """Forget the marks, once the table holds them."""
        self.path.unlink(missing_ok=True)


def _mark(line: str) -> Mark | None:
    try:
        values = json.loads(line)
        for name in ("sent_at", "next_attempt_at"):
            values[name] = datetime.fromisoformat(values[name]) if values[name] else None
        return Mark(**{**values, "as_of": date.fromisoformat(values["as_of"])})
    except (ValueError, TypeError, KeyError):
        return None


def settle(workspace: Workspace) -> int:
    """Take the journal's marks over into the table; return how many rows changed.

    Safe to repeat: the journal is cleared after the commits, and a mark that was taken over changes nothing.
    """
    journal = Journal(workspace)
    by_day: dict[date, dict[str, Mark]] = defaultdict(dict)
    for mark in journal.read():
        by_day[mark.as_of][mark.notification_id] = mark
    changed = 0
    with notifications_lock(workspace):
        for day, marks in by_day.items():
            rows = rows_of_day(workspace.lake, day)
            changed += apply_marks(rows, marks)
            workspace.lake.replace_day(TABLE, day, table_of(rows))
    journal.clear()
    return changed


def apply_marks(rows: list[dict[str, Any]], marks: Mapping[str, Mark]) -> int:
    """Change the rows that have a mark and were not sent; return how many."""
    changed = 0
    for row in rows:
        mark = marks.get(row["notification_id"])
        if mark is None or row["status"] in ("sent", "suppressed"):
            continue
        changed += 1
        row.update(
            status=mark.status,
            attempts=mark.attempts,
            error=mark.error,
            sent_at=mark.sent_at,
            next_attempt_at=mark.next_attempt_at,
        )
    return changed


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of the outbox as a table."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=tables()[TABLE].schema)
