"""Messages: those that failed, and those that nobody tries to send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pipelines.doctor.finding import Finding
from pipelines.doctor.patient import Patient

COLUMNS = ["route", "status", "attempts", "created_at", "next_attempt_at"]


def check(patient: Patient) -> Iterator[Finding]:
    """Yield what is wrong with the outbox."""
    rows = patient.rows("notifications", COLUMNS, where=[("status", "in", ["pending", "failed"])])
    yield from _failing(patient, rows)
    yield from _not_tried(patient, rows)


def _failing(patient: Patient, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    since = patient.now - timedelta(days=patient.policy.delivery.failed_days)
    routes = Counter(
        row["route"]
        for row in rows
        if row["created_at"] >= since and (row["status"] == "failed" or (row["attempts"] or 0) > 0)
    )
    if routes.total() >= patient.policy.delivery.failed_messages:
        named = ", ".join(f"{route} {count}" for route, count in routes.most_common(5))
        yield Finding(
            "delivery.failed",
            "warning",
            f"messages that did not get through: {named}",
            "table notifications",
            "read the column error and mend the route's address or its receiver; they are tried again",
        )


def _not_tried(patient: Patient, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    late = patient.now - timedelta(minutes=patient.policy.delivery.late_minutes)
    waiting = [
        row["next_attempt_at"] or row["created_at"]
        for row in rows
        if row["status"] == "pending" and (row["next_attempt_at"] or row["created_at"]) < late
    ]
    if waiting:
        yield Finding(
            "delivery.not_run",
            "error",
            f"{len(waiting)} messages are due since {min(waiting):%Y-%m-%d %H:%M} UTC and were not tried",
            "table notifications",
            "keep `merchant-gps dev` or the Dagster daemon running, with the sensor deliver_sensor on",
        )
