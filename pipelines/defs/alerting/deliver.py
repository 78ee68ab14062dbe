"""Empties the outbox: send, then mark; what fails is tried again later, what may not disturb waits.

The idea: a delivery is a loop over what is due. Each message is sent on its own, so that one address that is down
holds nobody else's news back; a receiver that asks to wait, or does not answer at all, is left alone for the rest of
the loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from filelock import Timeout

from models.risk.route_policy import RouteBase, RoutePolicy
from pipelines.defs.alerting.policies import carrier, route_policy, source_of
from pipelines.defs.alerting.quiet_digest import in_quiet_hours
from pipelines.defs.alerting.store import TABLE, Journal, Mark, delivery_lock, settle
from pipelines.workspace import Workspace
from reports.delivery.channel import send
from reports.delivery.outcome import Carrier, Keys, Outcome, Parcel
from reports.formatting import normalise_locale
from reports.messages.facts import MessageFacts
from reports.messages.message import render

Row = Mapping[str, Any]
Sender = Callable[[Parcel, Carrier, datetime], Outcome]
BEYOND_ANY_WAIT = timedelta(days=7)  # messages are given up long before
GONE = "the route is no longer in policy/routes.yaml; add it again, or leave this message"
OFF = "the route is not active; set active: true in policy/routes.yaml"
SILENT_AT_MOST = 2  # messages in a row for which a receiver may be silent, before the rest waits for the next delivery
# Of what was made at one moment, the beginning goes first.
ORDER = {"trigger": 0, "update": 1, "escalate": 2, "remind": 3, "ack": 4, "resolve": 5}


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
        How many were sent, failed (to be tried again), gave_up, wait for quiet hours to end, wait for a receiver, or
        need their route set up; `busy` when another delivery holds the lock.
    """
    try:
        with delivery_lock(workspace):
            return send_due(workspace, now, sender)
    except Timeout:
        return {"busy": 1}


def send_due(workspace: Workspace, now: datetime, sender: Sender) -> dict[str, int]:
    """Send what is due; the caller holds the lock."""
    settle(workspace)  # marks of a delivery that was killed
    report = _Delivery(workspace, now, sender).run()
    settle(workspace)
    return dict(report)


def pending(workspace: Workspace) -> list[dict[str, Any]]:
    """Messages that wait, in the order in which they must arrive."""
    rows = workspace.lake.read(TABLE, where="status = 'pending'").to_pylist()
    return sorted(rows, key=place)


def place(row: Row) -> tuple[Any, ...]:
    """Where a message stands in the order of sending."""
    return row["as_of"], row["created_at"], ORDER.get(row["event"], 9), row["notification_id"]


def is_due(row: Row, now: datetime) -> bool:
    """Whether the moment of a message's next attempt has come; one beyond any wait says that the clock was set back."""
    again = row["next_attempt_at"]
    return again is None or again <= now or again - now > BEYOND_ANY_WAIT


def hindrance(row: Row, routes: RoutePolicy, now: datetime) -> str | None:
    """Why a message is not even tried: `gone`, `off` or `quiet`."""
    route = routes.find(row["route"])
    if route is None or not route.active:
        return "gone" if route is None else "off"
    return "quiet" if in_quiet_hours(route, row["severity"], now) else None


class _Delivery:
    """One pass over the outbox."""

    def __init__(self, workspace: Workspace, now: datetime, sender: Sender) -> None:
        self.workspace, self.now, self.sender = workspace, now, sender
        self.routes, self.settings = route_policy(workspace), workspace.config.delivery
        self.carrier, self.journal = carrier(workspace), Journal(workspace)
        self.held: set[tuple[str, str]] = set()  # a resolve must not overtake its trigger
        self.wait_until: dict[str, datetime] = {}  # routes whose receiver asked to wait
        self.silent: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        """Try what is due, in order."""
        report, attempts = Counter[str](), 0
        for row in pending(self.workspace):
            story = (row["dedup_key"], row["route"])
            if story in self.held or not is_due(row, self.now) or attempts >= self.settings.batch:
                self.held.add(story)
                continue
            mark, what = self._attempt(row)
            report[what] += 1
            attempts += what in ("sent", "failed", "gave_up")
            if mark is not None:
                self.journal.write(mark)
            if what not in ("sent", "gave_up"):
                self.held.add(story)
        return report

    def _attempt(self, row: Row) -> tuple[Mark | None, str]:
        route, reason = self.routes.find(row["route"]), hindrance(row, self.routes, self.now)
        hours = self.routes.retry.give_up_hours
        if self.now - row["created_at"] > timedelta(hours=hours):
            said = f"not sent within {hours:g} hours; {row['error'] or 'it waited for its turn'}"
            return _mark(row, "failed", row["attempts"], said), "gave_up"
        if route is None or reason in ("gone", "off"):
            return _not_set_up(row, GONE if route is None else OFF), "not_set_up"
        if reason == "quiet":
            return None, "quiet"
        if route.id in self.wait_until:
            again = self.wait_until[route.id]
            return _mark(row, "pending", row["attempts"], row["error"], next_attempt_at=again), "waits"
        if self.silent[route.id] >= SILENT_AT_MOST:
            return None, "waits"
        return self._after(row, route, self.sender(self._parcel(row, route), self.carrier, self.now))

    def _parcel(self, row: Row, route: RouteBase) -> Parcel:
        facts = MessageFacts.model_validate_json(row["payload"])
        locale = normalise_locale(facts.locale or route.locale, self.workspace.config.default_locale)
        message = render(facts, locale, row["idempotency_key"])
        keys = Keys(dedup=row["dedup_key"], idempotency=row["idempotency_key"])
        return Parcel(source_of(self.workspace, route), route.form, message, facts, keys)

    def _after(self, row: Row, route: RouteBase, outcome: Outcome) -> tuple[Mark | None, str]:
        self.silent[route.id] = self.silent[route.id] + 1 if outcome.unreachable else 0
        if outcome.sent:
            return _mark(row, "sent", row["attempts"] + 1, None, sent_at=self.now), "sent"
        if not outcome.counts:
            return _not_set_up(row, outcome.error), "not_set_up"
        attempts, wait = row["attempts"] + 1, self.routes.retry.wait_seconds(row["attempts"] + 1)
        asked = outcome.retry_after_seconds
        if asked is None and attempts >= self.settings.max_attempts:
            return _mark(row, "failed", attempts, f"gave up after {attempts} attempts: {outcome.error}"), "gave_up"
        again = self.now + timedelta(seconds=wait if asked is None else max(asked, 1.0))
        if asked is not None:
            self.wait_until[route.id] = again
        return _mark(row, "pending", attempts, outcome.error, next_attempt_at=again), "failed"


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
