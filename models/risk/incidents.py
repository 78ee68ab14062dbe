"""One incident for the trouble of a group, with one name for as long as it lasts.

Metrics of one group that fire together are one incident; a narrower group that fires while a wider one already does, on
the same leg, is the same trouble and opens none. An incident keeps its id and first day until it has been quiet for
some days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from models.risk.settings import IncidentSettings


@dataclass(frozen=True)
class Finding:
    """A group and metric that fired today."""

    scope: str
    group: str
    leg: str
    metric: str
    effect: float
    p_value: float
    members: int
    observed: float | None = None
    expected: float | None = None


@dataclass(frozen=True)
class Incident:
    """An incident as it stands on a day."""

    incident_id: str
    scope: str
    group: str
    leg: str
    metric: str
    effect: float
    p_value: float
    members: int
    opened_on: date
    status: str
    quiet_days: int = 0
    metrics: str = "[]"
    observed: float | None = None
    expected: float | None = None
    legs: str = field(default="[]")


def incident_id(scope: str, group: str, opened_on: date) -> str:
    """Stable id: the same group and first day always give the same one."""
    text = "\x1f".join((scope, group, opened_on.isoformat()))
    return f"inc-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def merge(findings: Iterable[Finding], scopes: Sequence[str]) -> list[tuple[Finding, list[Finding]]]:
    """Put the findings of one group together, led by the smallest p-value; narrower groups yield to wider ones.

    Parameters
    ----------
    scopes : sequence of str
        From the widest to the narrowest; scopes that are not named (feeds) stand for themselves.
    """
    order = {scope: place for place, scope in enumerate(scopes)}
    by_group: dict[tuple[str, str], list[Finding]] = {}
    ordered = sorted(findings, key=lambda one: (order.get(one.scope, -1), one.group, one.p_value, one.metric))
    legs_taken: dict[str, int] = {}
    for one in ordered:
        place = order.get(one.scope)
        if place is not None and legs_taken.get(one.leg, place) < place:
            continue
        if place is not None:
            legs_taken.setdefault(one.leg, place)
        by_group.setdefault((one.scope, one.group), []).append(one)
    return [(members[0], members) for members in by_group.values()]


def carry_forward(
    today: Iterable[Finding], before: Iterable[Incident], as_of: date, days_since: int, settings: IncidentSettings
) -> list[Incident]:
    """Incidents of today from today's findings and those of the day before.

    Parameters
    ----------
    before : iterable of Incident
        The newest earlier day's incidents; resolved ones are left behind.
    days_since : int
        Days between that day and today, all of them counted as quiet when nothing fires.
    """
    open_before = {(one.scope, one.group): one for one in before if one.status == "open"}
    result = []
    for lead, members in merge(today, settings.scopes):
        known = open_before.pop((lead.scope, lead.group), None)
        opened_on = known.opened_on if known else as_of
        result.append(
            Incident(
                known.incident_id if known else incident_id(lead.scope, lead.group, opened_on),
                lead.scope,
                lead.group,
                lead.leg,
                lead.metric,
                lead.effect,
                lead.p_value,
                lead.members,
                opened_on,
                "open",
                0,
                json.dumps([one.metric for one in members]),
                lead.observed,
                lead.expected,
                json.dumps(sorted({one.leg for one in members})),
            )
        )
    for quiet in open_before.values():
        days = quiet.quiet_days + max(days_since, 1)
        status = "resolved" if days >= settings.resolve_days else "open"
        result.append(replace(quiet, quiet_days=days, status=status))
    return sorted(result, key=lambda one: one.incident_id)
