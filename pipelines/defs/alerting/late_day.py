"""On-call hears once that a day is not complete by its hour, and once that it is.

The idea: silence of a feed is no figure, so no alert can tell of it. The clock is compared with the newest complete
day; while one late day is open no further one is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from models.risk.alert_policy import LateDay
from models.risk.route_policy import Route, RoutePolicy
from pipelines.defs.alerting.policies import alert_policy
from pipelines.defs.alerting.rows import Changes, new_row
from pipelines.defs.alerting.store import LATE_PREFIX, TABLE
from pipelines.newest_day import NoCompleteDayError, newest_complete_day
from pipelines.workspace import Workspace
from reports.messages.facts import MessageFacts, Subject

Row = Mapping[str, Any]


def expected_day(policy: LateDay, local: datetime) -> date:
    """The day that must be complete at a local moment: yesterday from the policy's hour on, else the day before it."""
    return local.date() - timedelta(days=1 if local.time() >= policy.by else 2)


def plan_late_day(workspace: Workspace, routes: RoutePolicy, now: datetime) -> Changes:
    """Messages that a late day opens, or that end it; nothing is written."""
    policy = alert_policy(workspace).late_day
    if policy is None or not routes.active_routes:
        return Changes()
    told = _told(workspace)
    expected = expected_day(policy, now.astimezone(workspace.config.zone))
    open_days = sorted({row["as_of"] for row in told} - {row["as_of"] for row in told if row["event"] == "resolve"})
    known = any(row["as_of"] == expected for row in told)
    if not open_days and known:
        return Changes()
    newest = _newest(workspace)
    if newest is None:
        return Changes()
    changes = Changes()
    ended = [day for day in open_days if newest >= day]
    for day in ended:
        routes_told = sorted({row["route"] for row in told if row["as_of"] == day and row["event"] == "trigger"})
        changes.rows += [_row(workspace, day, name, "resolve", policy, newest, now) for name in routes_told]
    late = newest < expected <= newest + timedelta(days=policy.live_within_days)
    if late and not known and len(ended) == len(open_days):
        wanting = [route.id for route in routes.active_routes if _takes(route, policy.severity)]
        changes.rows += [_row(workspace, expected, name, "trigger", policy, newest, now) for name in wanting]
    return changes


def _takes(route: Route, severity: str) -> bool:
    of_severity = not route.severities or severity in route.severities
    return route.incidents and "trigger" in route.events and of_severity and (not route.legs or "data" in route.legs)


def _told(workspace: Workspace) -> Sequence[Row]:
    where = f"starts_with(incident_id, '{LATE_PREFIX}')"
    rows: list[dict[str, Any]] = workspace.lake.read(TABLE, ["as_of", "route", "event"], where).to_pylist()
    return rows


def _newest(workspace: Workspace) -> date | None:
    try:
        return newest_complete_day(workspace)
    except NoCompleteDayError:
        return None


def _row(
    workspace: Workspace, day: date, route: str, event: str, policy: LateDay, newest: date, now: datetime
) -> dict[str, Any]:
    incident_id = f"{LATE_PREFIX}{day.isoformat()}"
    subject = Subject(
        reference=incident_id,
        scope="late_day",
        group=day.isoformat(),
        leg="data",
        metric="late_day",
        severity=policy.severity,
        since=day,
        newest_day=newest,
    )
    facts = MessageFacts.model_validate(
        {
            "kind": "incident",
            "event": event,
            "as_of": day,
            "platform": workspace.config.platform_name,
            "currency": workspace.config.currency,
            "severity": policy.severity,
            "subjects": (subject,),
        }
    )
    dedup_key = f"merchant-gps:{incident_id}"
    key = f"{dedup_key}:{route}:{event}:{day.isoformat()}"
    return new_row(facts, day, route, dedup_key, key, now, incident_id=incident_id)
