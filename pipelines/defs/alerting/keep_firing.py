"""Open troubles are told again to Alertmanagers, which forget what is not told again.

The idea: an Alertmanager keeps nothing over a restart and ends an alert at its `endsAt`. So what is open is repeated
at an interval of policy; the repetition is no news, leaves no row in the outbox, and rings nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from models.risk.route_policy import Route, RoutePolicy
from pipelines.defs.alerting.board import Board, Standing
from pipelines.defs.alerting.marks_file import MarksFile
from pipelines.defs.alerting.policies import carrier, source_of
from pipelines.defs.alerting.store import TABLE
from pipelines.workspace import Workspace
from reports.delivery.outcome import Carrier, Keys, Outcome, Parcel
from reports.formatting import normalise_locale
from reports.messages.facts import MessageFacts
from reports.messages.message import render

SUBJECT = "refreshed"
Sender = Callable[[Parcel, Carrier, datetime], Outcome]


def routes_to_refresh(workspace: Workspace, routes: RoutePolicy, now: datetime) -> list[Route]:
    """Active Alertmanagers that have not been told again for the policy's interval."""
    interval, last = timedelta(minutes=routes.alertmanager.refresh_minutes), MarksFile(workspace, SUBJECT).read()
    wanted = [route for route in routes.active_routes if route.form == "alertmanager"]
    return [route for route in wanted if route.id not in last or abs(now - last[route.id]) >= interval]


def keep_firing(
    workspace: Workspace, routes: RoutePolicy, board: Board, now: datetime, sender: Sender
) -> dict[str, int]:
    """Tell open troubles again; return how many were, and how many could not be."""
    report = {"refreshed": 0, "not_refreshed": 0}
    marks = MarksFile(workspace, SUBJECT)
    for route in routes_to_refresh(workspace, routes, now):
        outcomes = [sender(parcel, carrier(workspace), now) for parcel in _parcels(workspace, route, board)]
        sent = sum(outcome.sent for outcome in outcomes)
        report["refreshed"] += sent
        report["not_refreshed"] += len(outcomes) - sent
        if sent == len(outcomes):
            marks.write({**marks.read(), route.id: now})
    return {name: count for name, count in report.items() if count}


def _parcels(workspace: Workspace, route: Route, board: Board) -> Iterator[Parcel]:
    for standing in board.standings:
        row = _last_arrived(standing, route.id)
        if row is None:
            continue
        payload = workspace.lake.read(TABLE, ["payload"], f"notification_id = '{row}'").to_pylist()[0]["payload"]
        facts = MessageFacts.model_validate_json(payload)
        update = {"event": "remind", "severity": standing.severity, "acked_by": standing.answer and standing.answer.by}
        facts = facts.model_copy(update=update)
        locale = normalise_locale(facts.locale or route.locale, workspace.config.default_locale)
        key = f"{standing.dedup_key}:{route.id}:refresh"
        keys = Keys(standing.dedup_key, key)
        yield Parcel(source_of(workspace, route), "alertmanager", render(facts, locale, key), facts, keys)


def _last_arrived(standing: Standing, route: str) -> str | None:
    """The newest message that the route has; what it never got is not its to keep."""
    arrived = [row for row in standing.told if row["route"] == route and row["sent_at"] is not None]
    return str(arrived[-1]["notification_id"]) if arrived else None
