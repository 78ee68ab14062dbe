"""A run that failed is told to on-call through the same outbox as alerts; the next good run of a day tells its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.risk.alert_identity import short_hash
from models.risk.route_policy import RoutePolicy
from pipelines.defs.alerting.deliver import deliver_now
from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.defs.alerting.store import RUN_PREFIX, TABLE, notifications_lock, rows_of_day, table_of
from pipelines.workspace import Workspace
from reports.messages.facts import MessageFacts, Subject


def report_run_failure(workspace: Workspace, run_id: str, job: str, as_of: date | None, reason: str) -> dict[str, int]:
    """Write a message about a failed run into the outbox and try to send it.

    A day is told once, however often its run fails.

    Parameters
    ----------
    as_of : date or None
        Day that was navigated; None for a run without a day: then yesterday in the platform's zone.
    reason : str
        What Dagster says; only the first line is told.
    """
    day = as_of or (datetime.now(workspace.config.zone).date() - timedelta(days=1))
    routes = route_policy(workspace)
    severity = alert_policy(workspace).severity.levels[-1]
    lines = [line for line in reason.splitlines() if line.strip()]
    what = f"{job} {run_id[:8]}: {lines[0] if lines else ''}"
    rows = [_row(workspace, day, route, severity, what) for route in _routes_for(routes, severity)]
    with notifications_lock(workspace):
        existing = rows_of_day(workspace.lake, day)
        known = {row["notification_id"] for row in existing}
        added = [row for row in rows if row["notification_id"] not in known]
        if added:
            workspace.lake.replace_day(TABLE, day, table_of([*existing, *added]))
    return deliver_now(workspace) if added else {}


def _routes_for(routes: RoutePolicy, severity: str) -> list[str]:
    """Active routes that take incidents of this severity; `none` where there is no active route."""
    active = [route for route in routes.active_routes if route.incidents]
    wanted = [route.id for route in active if not route.severities or severity in route.severities]
    return wanted if routes.active_routes else ["none"]


def _row(workspace: Workspace, day: date, route: str, severity: str, what: str) -> dict[str, Any]:
    incident_id = f"{RUN_PREFIX}{day.isoformat()}"
    key = f"merchant-gps:{incident_id}:{route}:trigger"
    now = datetime.now(UTC)
    subject = Subject(
        reference=incident_id,
        scope="run",
        group=day.isoformat(),
        leg="data",
        metric=what[:300],
        severity=severity,
        opened_on=day,
    )
    facts = MessageFacts(
        kind="incident",
        event="trigger",
        as_of=day,
        platform=workspace.config.platform_name,
        currency=workspace.config.currency,
        severity=severity,
        subjects=(subject,),
    )
    sendable = route != "none"
    return {
        "notification_id": short_hash(key),
        "as_of": day,
        "alert_id": None,
        "incident_id": incident_id,
        "merchant_id": None,
        "route": route,
        "event": "trigger",
        "severity": severity,
        "dedup_key": f"merchant-gps:{incident_id}",
        "idempotency_key": key,
        "payload": facts.model_dump_json(),
        "created_at": now,
        "next_attempt_at": now,
        "sent_at": None,
        "attempts": 0,
        "status": "pending" if sendable else "suppressed",
        "error": None if sendable else "no active route in policy/routes.yaml",
    }
