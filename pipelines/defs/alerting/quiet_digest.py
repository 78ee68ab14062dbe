"""When quiet hours end, what waited for people comes as one message, not as twenty.

The idea: the digest names the messages that it stands for. Whoever is killed between writing it and taking those back
finds them named at the next look, so none is told twice and none is lost. What opened and ended within the quiet hours
is told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.risk.alert_identity import short_hash
from models.risk.alert_policy import AlertPolicy
from models.risk.route_policy import READ_BY_PEOPLE, Route, RouteBase, RoutePolicy
from pipelines.defs.alerting.rows import Changes, new_row, not_sent
from pipelines.defs.alerting.store import FOLLOW_UPS, QUIET_KEY, TABLE
from pipelines.workspace import Workspace
from reports.messages.facts import MessageFacts, Subject

Row = Mapping[str, Any]
OPENING = ("trigger", "update", *FOLLOW_UPS)


def in_quiet_hours(route: RouteBase, severity: str, now: datetime) -> bool:
    """Whether a message of this severity waits on the route at this moment."""
    quiet = route.quiet_hours
    if quiet is None or severity in quiet.severities_that_pass:
        return False
    return quiet.covers(now.astimezone(ZoneInfo(quiet.timezone)).time())


def plan_quiet_digests(workspace: Workspace, routes: RoutePolicy, policy: AlertPolicy, now: datetime) -> Changes:
    """Digests of the routes whose quiet hours are over; nothing is written."""
    changes = Changes()
    wanting = [route for route in routes.active_routes if _wants(route)]
    if not wanting:
        return changes
    rows = _rows(workspace)
    named = {name for row in rows if row["event"] == "digest" for name in _holds(row)}
    pending = [row for row in rows if row["status"] == "pending" and row["event"] != "digest"]
    changes.marks += [not_sent(row, "told in the digest of the quiet hours") for row in pending if _is(row, named)]
    rest = [row for row in pending if not _is(row, named)]
    for route in wanting:
        _of_route(changes, route, [row for row in rest if row["route"] == route.id], policy, now)
    return changes


def _wants(route: Route) -> bool:
    return route.quiet_hours is not None and route.form in READ_BY_PEOPLE and route.takes_digests


def _is(row: Row, named: set[str]) -> bool:
    return row["notification_id"] in named


def _rows(workspace: Workspace) -> list[dict[str, Any]]:
    where = f"status = 'pending' OR (event = 'digest' AND starts_with(dedup_key, '{QUIET_KEY}'))"
    rows = workspace.lake.read(TABLE, where=where).to_pylist()
    return sorted(rows, key=lambda row: (row["as_of"], row["created_at"], row["notification_id"]))


def _holds(row: Row) -> Sequence[str]:
    quiet = (row["dedup_key"] or "").startswith(QUIET_KEY)
    return MessageFacts.model_validate_json(row["payload"]).holds if quiet else ()


def _of_route(changes: Changes, route: Route, rows: Sequence[Row], policy: AlertPolicy, now: datetime) -> None:
    waited = [row for row in rows if not row["attempts"] and in_quiet_hours(route, row["severity"], row["created_at"])]
    held = [row for row in waited if row["event"] in OPENING and not in_quiet_hours(route, row["severity"], now)]
    passing = {row["dedup_key"] for row in held} & {row["dedup_key"] for row in rows if row["event"] == "resolve"}
    over = [row for row in rows if row["dedup_key"] in passing]
    changes.marks += [not_sent(row, "it began and ended within the quiet hours") for row in over]
    held = [row for row in held if row["dedup_key"] not in passing]
    if len({row["dedup_key"] for row in held}) < 2:
        return
    changes.rows.append(_digest(route, held, policy, now))
    changes.marks += [not_sent(row, "told in the digest of the quiet hours") for row in held]


def _digest(route: Route, held: Sequence[Row], policy: AlertPolicy, now: datetime) -> dict[str, Any]:
    subjects = list(_subjects(held))
    rank = policy.severity.ranks
    subjects.sort(key=lambda one: (-rank.get(one.severity, 0), -(one.money_at_risk or 0.0), one.reference))
    first = MessageFacts.model_validate_json(held[-1]["payload"])
    items, as_of = policy.budget.digest_items, max(row["as_of"] for row in held)
    facts = first.model_copy(
        update={
            "kind": "digest",
            "event": "digest",
            "as_of": as_of,
            "severity": subjects[0].severity,
            "subjects": tuple(subjects[:items]),
            "more": max(len(subjects) - items, 0),
            "page": None,
            "waited_minutes": None,
            "holds": tuple(sorted(row["notification_id"] for row in held)),
        }
    )
    dedup_key = QUIET_KEY + short_hash(route.id, *facts.holds)
    return new_row(facts, as_of, route.id, dedup_key, f"{dedup_key}:{route.id}:digest:{as_of.isoformat()}", now)


def _subjects(held: Sequence[Row]) -> Iterator[Subject]:
    """One subject per trouble, as its newest message says it."""
    newest = {row["dedup_key"]: row for row in held}
    for row in newest.values():
        facts = MessageFacts.model_validate_json(row["payload"])
        for subject in facts.subjects[:1]:
            yield subject.model_copy(update={"severity": row["severity"]})
