"""Signs of life at their interval, as long as deliveries move.

The idea: a system that is dead cannot say so; somebody outside has to miss it. A sign that goes on while messages are
stuck would be worse than none, so it stays away then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from models.risk.route_policy import Heartbeat, RoutePolicy
from pipelines.defs.alerting.marks_file import MarksFile
from pipelines.defs.alerting.policies import carrier, route_policy, source_of
from pipelines.defs.alerting.previous import navigated_days
from pipelines.defs.alerting.quiet_digest import in_quiet_hours
from pipelines.defs.alerting.store import TABLE
from pipelines.workspace import Workspace
from reports.delivery.heartbeat_channel import beat
from reports.delivery.outcome import Outcome
from reports.formatting import normalise_locale
from reports.messages.facts import MessageFacts

SUBJECT = "heartbeats"


def heartbeats(workspace: Workspace, now: datetime, send: Callable[..., Outcome] = beat) -> dict[str, str]:
    """Give the signs that are due; return what came of each (`sent`, `stuck`, or the reason)."""
    routes = route_policy(workspace)
    marks = MarksFile(workspace, SUBJECT)
    last, report = marks.read(), {}
    for one in (one for one in routes.heartbeats if one.active and _is_due(one, last, now)):
        if is_stuck(workspace, routes, one, now):
            report[one.id] = "stuck"
            continue
        every = timedelta(minutes=one.every_minutes)
        locale = normalise_locale(one.locale, workspace.config.default_locale)
        outcome = send(
            source_of(workspace, one), one.form, _facts(workspace, now), locale, carrier(workspace), now, every
        )
        report[one.id] = "sent" if outcome.sent else str(outcome.error)
        if outcome.sent:
            last[one.id] = now
            marks.write(last)
    return report


def _is_due(one: Heartbeat, last: Mapping[str, datetime], now: datetime) -> bool:
    # A clock that was set back must not silence it for hours.
    return one.id not in last or abs(now - last[one.id]) >= timedelta(minutes=one.every_minutes)


def is_stuck(workspace: Workspace, routes: RoutePolicy, one: Heartbeat, now: datetime) -> bool:
    """Whether a message that could be sent has been due for too long without being tried."""
    waits = now - timedelta(minutes=one.silent_when_stuck_minutes)
    columns = ["route", "severity", "next_attempt_at", "error"]
    rows = workspace.lake.read(TABLE, columns, "status = 'pending'").to_pylist()
    return any(_could_go(row, routes, now) and row["next_attempt_at"] <= waits for row in rows)


def _could_go(row: Mapping[str, Any], routes: RoutePolicy, now: datetime) -> bool:
    route = routes.find(row["route"])
    ready = route is not None and route.active and row["next_attempt_at"] is not None and row["error"] is None
    return ready and route is not None and not in_quiet_hours(route, row["severity"], now)


def _facts(workspace: Workspace, now: datetime) -> MessageFacts:
    days = navigated_days(workspace.lake, now.date() + timedelta(days=36500))
    return MessageFacts(
        kind="heartbeat",
        event="heartbeat",
        as_of=days[-1] if days else now.date(),
        platform=workspace.config.platform_name,
        currency=workspace.config.currency,
        severity="notice",
        subjects=(),
    )
