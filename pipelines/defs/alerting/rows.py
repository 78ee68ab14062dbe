"""Rows of the outbox that are added between two days, and their one way into the table.

The idea: whoever finds at a moment that something must be told returns changes; nothing is written while it is
decided. So the same code answers "is anything due?" and does it, and a kill in between leaves the next look with the
same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.risk.alert_identity import short_hash
from pipelines.defs.alerting.store import TABLE, Mark, apply_marks, notifications_lock, rows_of_day, table_of
from pipelines.workspace import Workspace
from reports.messages.facts import MessageFacts

Row = Mapping[str, Any]


@dataclass
class Changes:
    """Messages to add, and what becomes of messages that wait."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, other: Changes) -> None:
        """Take another piece's changes in."""
        self.rows += other.rows
        self.marks += other.marks

    def __len__(self) -> int:
        return len(self.rows) + len(self.marks)


def new_row(
    facts: MessageFacts, as_of: date, route: str, dedup_key: str, idempotency_key: str, now: datetime, **ids: str | None
) -> dict[str, Any]:
    """A message that waits to be sent; `ids` are those of its alert, incident and merchant."""
    return {
        "notification_id": short_hash(idempotency_key),
        "as_of": as_of,
        "alert_id": ids.get("alert_id"),
        "incident_id": ids.get("incident_id"),
        "merchant_id": ids.get("merchant_id"),
        "route": route,
        "event": facts.event,
        "severity": facts.severity,
        "dedup_key": dedup_key,
        "idempotency_key": idempotency_key,
        "payload": facts.model_dump_json(),
        "created_at": now,
        "next_attempt_at": now,
        "sent_at": None,
        "attempts": 0,
        "status": "pending",
        "error": None,
    }


def not_sent(row: Row, reason: str) -> Mark:
    """A message that is not sent any more; one that was tried may have arrived, so it is not called suppressed."""
    status = "failed" if row["attempts"] else "suppressed"
    return Mark(row["notification_id"], row["as_of"], status, row["attempts"], reason, None, None)


def write(workspace: Workspace, changes: Changes) -> int:
    """Put changes into the table, the days with new messages first; return how many there were.

    A message that is there already is not added again, and one that was sent meanwhile is not marked.
    """
    rows, marks = _by_day(changes.rows), defaultdict(list)
    for mark in changes.marks:
        marks[mark.as_of].append(mark)
    done = 0
    with notifications_lock(workspace):
        for day in sorted({*rows, *marks}, key=lambda day: (day not in rows, day)):
            existing = rows_of_day(workspace.lake, day)
            known = {row["notification_id"] for row in existing}
            added = [row for row in rows.get(day, []) if row["notification_id"] not in known]
            changed = apply_marks(existing, {mark.notification_id: mark for mark in marks.get(day, [])})
            if added or changed:
                workspace.lake.replace_day(TABLE, day, table_of([*existing, *added]))
            done += len(added) + changed
    return done


def _by_day(rows: Iterable[dict[str, Any]]) -> dict[date, list[dict[str, Any]]]:
    found: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["as_of"]].append(row)
    return found
