"""A run that failed is told to on-call through the same outbox as alerts; the next good run of a day tells its end."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from models.risk.route_policy import RoutePolicy
from pipelines.defs.alerting.on_call import serve
from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.defs.alerting.rows import Changes, new_row, write
from pipelines.defs.alerting.store import RUN_PREFIX
from pipelines.workspace import Workspace
from reports.messages.facts import MessageFacts, Subject


def report_run_failure(
    workspace: Workspace, run_id: str, job: str, as_of: date | None, reason: str, now: datetime
) -> dict[str, int]:
    """Write a message about a failed run into the outbox and try to send it.

    A day is told once, however often its run fails.

    Parameters
    ----------
    as_of : date or None
        Day that was navigated; None for a run without a day: then yesterday in the platform's zone.
    reason : str
        What Dagster says; only the first line is told.
    now : datetime
        With its zone.
    """
    day = as_of or (now.astimezone(workspace.config.zone).date() - timedelta(days=1))
    routes = route_policy(workspace)
    severity = alert_policy(workspace).severity.levels[-1]
    lines = [line for line in reason.splitlines() if line.strip()]
    what = f"{job} {run_id[:8]}: {lines[0] if lines else ''}"
    rows = [_row(workspace, day, route, severity, what, now) for route in _routes_for(routes, severity)]
    return serve(workspace, now) if write(workspace, Changes(rows)) else {}


def _routes_for(routes: RoutePolicy, severity: str) -> list[str]:
    """Active routes that take incidents of this severity; `none` where there is no active route."""
    active = [route for route in routes.active_routes if route.incidents and "trigger" in route.events]
    wanted = [route.id for route in active if not route.severities or severity in route.severities]
    return wanted if routes.active_routes else ["none"]


def _row(workspace: Workspace, day: date, route: str, severity: str, what: str, now: datetime) -> dict[str, Any]:
    incident_id = f"{RUN_PREFIX}{day.isoformat()}"
    key = f"merchant-gps:{incident_id}:{route}:trigger"
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
    row = new_row(facts, day, route, f"merchant-gps:{incident_id}", key, now, incident_id=incident_id)
    if route == "none":
        row |= {"status": "suppressed", "error": "no active route in policy/routes.yaml"}
    return row
