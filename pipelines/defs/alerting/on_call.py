"""One look at everything that on-call must hear: follow-ups, quiet hours that end, late days, and what is due.

The idea: the sensor asks every minute whether there is anything to do, and the delivery does it; both ask the same
functions, and time is an argument of all of them.
"""

from __future__ import annotations

from datetime import datetime

from filelock import Timeout

from pipelines.defs.alerting.board import board
from pipelines.defs.alerting.deliver import Sender, hindrance, is_due, pending, send_due
from pipelines.defs.alerting.follow_up import plan_follow_ups
from pipelines.defs.alerting.keep_firing import keep_firing, routes_to_refresh
from pipelines.defs.alerting.late_day import plan_late_day
from pipelines.defs.alerting.policies import alert_policy, carrier, route_policy, source_of
from pipelines.defs.alerting.quiet_digest import plan_quiet_digests
from pipelines.defs.alerting.rows import Changes, write
from pipelines.defs.alerting.store import Journal, delivery_lock, settle
from pipelines.workspace import Workspace
from reports.delivery.channel import check, send


def serve(workspace: Workspace, now: datetime, sender: Sender = send) -> dict[str, int]:
    """Find what must be told at this moment, and send what is due.

    Returns
    -------
    dict
        As of `deliver`, with `found`: how many messages were added or taken back; `refreshed` and `not_refreshed`: open
        troubles that Alertmanagers were told again.
    """
    try:
        with delivery_lock(workspace):
            settle(workspace)
            found = write(workspace, plan(workspace, now))
            report = send_due(workspace, now, sender)
            routes = route_policy(workspace)
            if routes_to_refresh(workspace, routes, now):
                report |= keep_firing(workspace, routes, board(workspace, now), now, sender)
            return {**({"found": found} if found else {}), **report}
    except Timeout:
        return {"busy": 1}


def plan(workspace: Workspace, now: datetime) -> Changes:
    """What must be added to the outbox or taken back at this moment; nothing is written."""
    routes = route_policy(workspace)
    changes = plan_late_day(workspace, routes, now)
    if routes.active_routes:
        changes.add(plan_follow_ups(workspace, routes, board(workspace, now), now))
        changes.add(plan_quiet_digests(workspace, routes, alert_policy(workspace), now))
    return changes


def waiting(workspace: Workspace, now: datetime) -> int:
    """How much a delivery would do now; what waits for its route or for the morning does not count."""
    routes, sends = route_policy(workspace), carrier(workspace)
    everyone = (*routes.routes, *routes.merchant_routes)
    faulty = {route.id: check(source_of(workspace, route), route.form, sends) for route in everyone if route.active}
    due = [row for row in pending(workspace) if is_due(row, now) and hindrance(row, routes, now) is None]
    ready = sum(faulty.get(row["route"]) is None for row in due)
    refresh = len(routes_to_refresh(workspace, routes, now))
    refresh = refresh if refresh and board(workspace, now).standings else 0
    return ready + len(Journal(workspace).read()) + len(plan(workspace, now)) + refresh
