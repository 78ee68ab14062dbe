"""Empties the outbox: send, then mark; what fails is tried again later, what may not disturb waits.

The idea: a delivery is a loop over what is due. Each message is sent on its own, so that one address that is down holds
nobody else's news back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from models.risk.route_policy import RouteBase, RoutePolicy
from pipelines.defs.alerting.policies import route_policy
from pipelines.defs.alerting.store import TABLE, Journal, Mark, settle
from pipelines.workspace import Workspace
from reports.delivery.channel import Keys, Outcome, check, send
from reports.formatting import normalise_locale
from reports.messages.facts import MessageFacts
from reports.messages.message import render

Row = Mapping[str, Any]
Sender = Callable[..., Outcome]
GONE = "the route is no longer in policy/routes.yaml; add it again, or leave this message"
OFF = "the route is not active; set active: true in policy/routes.yaml"


def deliver(workspace: Workspace, now: datetime, sender: Sender = send) -> dict[str, int]:
    """Send what is due.

    Parameters
    ----------
    now : datetime
        With its zone; decides what is due and whose hours are quiet.
    sender : callable
        Sends one message (`reports.delivery.channel.send`).

    Returns
    -------
    dict
        How many were sent, failed (to be tried again), gave_up, wait for quiet hours to end, or need their route
        set up; `busy` when another delivery holds the lock.
    """
    folder = workspace.home / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "deliver.lock", timeout=0):
            settle(workspace)  # marks of a delivery that was killed
            report = _send_due(workspace, now, sender)
            settle(workspace)
            return dict(report)
    except Timeout:
        return {"busy": 1}


def deliver_now(workspace: Workspace) -> dict[str, int]:
    """Send what is due at this moment."""
    return deliver(workspace, datetime.now(UTC))


def waiting(workspace: Workspace) -> int:
    """How many messages a delivery would try now; those that wait for their route or for the morning do not count."""
    now, routes = datetime.now(UTC), route_policy(workspace)
    faulty = {route.id: check(route.url_variable) for route in (*routes.routes, *routes.merchant_routes)}
    due = [row for row in _pending(workspace) if _is_due(row, now)]
    ready = [row for row in due if _hindrance(row, routes, now) is None and faulty.get(row["route"]) is None]
    return len(ready) + len(Journal(workspace).read())


def _pending(workspace: Workspace) -> list[dict[str, Any]]:
    rows = workspace.lake.read(TABLE, where="status = 'pending'").to_pylist()
    return sorted(rows, key=lambda row: (row["as_of"], row["created_at"], row["notification_id"]))


def _is_due(row: Row, now: datetime) -> bool:
    return row["next_attempt_at"] is None or row["next_attempt_at"] <= now


def _send_due(workspace: Workspace, now: datetime, sender: Sender) -> Counter[str]:
    routes, journal, report = route_policy(workspace), Journal(workspace), Counter[str]()
    held: set[tuple[str, str]] = set()  # a resolve must not overtake its trigger
    attempts = 0
    for row in _pending(workspace):
        story = (row["dedup_key"], row["route"])
        if story in held or not _is_due(row, now) or attempts >= workspace.config.delivery.batch:
            held.add(story)
            continue
        mark, what = _attempt(workspace, row, routes, now, sender)
        report[what] += 1
        attempts += what in ("sent", "failed", "gave_up")
        if mark is not None:
            journal.write(mark)
        if what not in ("sent", "gave_up"):
            held.add(story)
    return report


def _hindrance(row: Row, routes: RoutePolicy, now: datetime) -> str | None:
    """Why a message is not even tried: `gone`, `off` or `quiet`."""
    route = routes.find(row["route"])
    if route is None or not route.active:
        return "gone" if route is None else "off"
    return "quiet" if in_quiet_hours(route, row["severity"], now) else None


def _attempt(
    workspace: Workspace, row: Row, routes: RoutePolicy, now: datetime, sender: Sender
) -> tuple[Mark | None, str]:
    route, hindrance = routes.find(row["route"]), _hindrance(row, routes, now)
    if now - row["created_at"] > timedelta(hours=routes.retry.give_up_hours):
        reason = f"not sent within {routes.retry.give_up_hours:g} hours; {row['error'] or 'it waited for its turn'}"
        return _mark(row, "failed", row["attempts"], reason), "gave_up"
    if route is None or hindrance in ("gone", "off"):
        return _not_set_up(row, GONE if route is None else OFF), "not_set_up"
    if hindrance == "quiet":
        return None, "quiet"
    delivery = workspace.config.delivery
    facts = MessageFacts.model_validate_json(row["payload"])
    locale = normalise_locale(facts.locale or route.locale, workspace.config.default_locale)
    message = render(facts, locale, row["idempotency_key"])
    keys = Keys(dedup=row["dedup_key"], idempotency=row["idempotency_key"])
    outcome = sender(route.url_variable, route.form, message, facts, keys, delivery.timeout_seconds)
    if outcome.sent:
        return _mark(row, "sent", row["attempts"] + 1, None, sent_at=now), "sent"
    if not outcome.counts:
        return _not_set_up(row, outcome.error), "not_set_up"
    attempts = row["attempts"] + 1
    if attempts >= delivery.max_attempts:
        return _mark(row, "failed", attempts, f"gave up after {attempts} attempts: {outcome.error}"), "gave_up"
    again = now + timedelta(seconds=routes.retry.wait_seconds(attempts))
    return _mark(row, "pending", attempts, outcome.error, next_attempt_at=again), "failed"


def in_quiet_hours(route: RouteBase, severity: str, now: datetime) -> bool:
    """Whether a message of this severity waits on the route at this moment."""
    quiet = route.quiet_hours
    if quiet is None or severity in quiet.severities_that_pass:
        return False
    return quiet.covers(now.astimezone(ZoneInfo(quiet.timezone)).time())


def _not_set_up(row: Row, error: str | None) -> Mark | None:
    """A message whose route is not set up waits and says why; the same reason is not written twice."""
    return None if row["error"] == error else _mark(row, "pending", row["attempts"], error)


def _mark(row: Row, status: str, attempts: int, error: str | None, **when: datetime | None) -> Mark:
    return Mark(
        notification_id=row["notification_id"],
        as_of=row["as_of"],
        status=status,
        attempts=attempts,
        error=error,
        sent_at=when.get("sent_at"),
        next_attempt_at=when.get("next_attempt_at"),
    )
