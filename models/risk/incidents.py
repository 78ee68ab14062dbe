"""One incident for the trouble of a group, with one name for as long as it lasts.

Metrics of one group that fire together are one incident. Groups overlap, so that a shock of one makes others fire: of
all groups that move on a leg the one that moved most has the incident, and what moves less is its echo and opens none,
on that day and downstream while the incident stands. An incident keeps its id and first day until it has been quiet
for some days; when it has become much worse than what was told of it, it says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from models.risk.chain import Chain, downstream
from models.risk.crowds import CROWD
from models.risk.grouping import WHOLE
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
    effect_told: float | None = None
    worsened_on: date | None = None


def incident_id(scope: str, group: str, opened_on: date) -> str:
    """Stable id: the same group and first day always give the same one."""
    text = "\x1f".join((scope, group, opened_on.isoformat()))
    return f"inc-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def merge(
    findings: Iterable[Finding],
    scopes: Sequence[str],
    standing: Sequence[Incident] = (),
    chain: Chain | None = None,
    echo_share: float = 0.5,
    echo_times: float = 1.5,
) -> list[tuple[Finding, list[Finding]]]:
    """Put the findings of one group together, led by the smallest p-value; echoes of others are left out.

    Parameters
    ----------
    scopes : sequence of str
        From the widest to the narrowest; scopes that are not named (feeds) stand for themselves. A crowd has no
        incident where the whole platform moves.
    standing : sequence of Incident
        Open since an earlier day. What shows on its legs stays with it; on them and downstream of them others are held
        against it.
    chain : mapping of leg to legs
        The legs on which trouble of a leg shows next.
    echo_share : float
        Of two groups of one scope the one that moved by less than this share of the other is its echo.
    echo_times : float
        A wider group's standing incident explains so many times the effect that was told of it.
    """
    order = {scope: place for place, scope in enumerate(scopes)}
    found = sorted(findings, key=lambda one: (order.get(one.scope, -1), one.group, one.p_value, one.metric))
    moves = [
        _Move(one.scope, one.group, frozenset({one.leg}), one.effect, one.effect) for one in found if one.scope in order
    ]
    moves += [_standing_move(one, chain or {}, echo_times) for one in standing if one.scope in order]
    kept = {(one.scope, one.group, leg) for one in standing for leg in json.loads(one.legs)}
    by_group: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        its_own = one.scope not in (*order, CROWD) or (one.scope, one.group, one.leg) in kept
        if its_own or not any(_is_echo(one, move, order, echo_share) for move in moves):
            by_group.setdefault((one.scope, one.group), []).append(one)
    return [(members[0], members) for members in by_group.values()]


class _Move(NamedTuple):
    """How far a group moved, on which legs that may show, and what effect it explains in groups that it holds."""

    scope: str
    group: str
    legs: frozenset[str]
    effect: float
    explains: float


def _standing_move(one: Incident, chain: Chain, echo_times: float) -> _Move:
    """A day of outage stays in sums over a week: its groups come out of them unevenly, some after the whole has."""
    told = one.effect if one.effect_told is None else max(one.effect, one.effect_told)
    legs = downstream(json.loads(one.legs), chain)
    return _Move(one.scope, one.group, legs, one.effect, echo_times * told)


def _is_echo(one: Finding, other: _Move, order: Mapping[str, int], echo_share: float) -> bool:
    """Whether another group's move explains the finding: members are shared between scopes, not within one."""
    if (one.scope, one.group) == (other.scope, other.group) or one.leg not in other.legs:
        return False
    if one.scope == CROWD:  # what everybody's trouble leaves uneven, not a story of its own
        return other.scope == WHOLE
    if one.scope == other.scope:
        return one.effect < echo_share * other.effect
    wider = order[other.scope] < order[one.scope]
    return other.explains >= one.effect if wider else other.effect > one.effect


def carry_forward(
    today: Iterable[Finding],
    before: Iterable[Incident],
    as_of: date,
    days_since: int,
    settings: IncidentSettings,
    chain: Chain | None = None,
) -> list[Incident]:
    """Incidents of today from today's findings and those of the day before.

    Parameters
    ----------
    before : iterable of Incident
        The newest earlier day's incidents; resolved ones are left behind.
    days_since : int
        Days between that day and today, all of them counted as quiet when nothing fires.
    chain : mapping of leg to legs
        The legs on which trouble of a leg shows next.
    """
    open_before = {(one.scope, one.group): one for one in before if one.status == "open"}
    result = []
    for lead, members in merge(
        today, settings.scopes, list(open_before.values()), chain, settings.echo_share, settings.echo_times
    ):
        known = open_before.pop((lead.scope, lead.group), None)
        opened_on = known.opened_on if known else as_of
        told, worsened_on = _told(lead.effect, known, as_of, settings.worse_times)
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
                told,
                worsened_on,
            )
        )
    for quiet in open_before.values():
        days = quiet.quiet_days + max(days_since, 1)
        status = "resolved" if days >= settings.resolve_days else "open"
        result.append(replace(quiet, quiet_days=days, status=status))
    return sorted(result, key=lambda one: one.incident_id)


def _told(effect: float, known: Incident | None, as_of: date, worse_times: float) -> tuple[float, date | None]:
    """Effect that people were last told of, and the newest day on which they had to be told again.

    A platform that has a tenth fewer visitors and one that is down have one incident, but not one message.
    """
    if known is None:
        return effect, None
    told = known.effect if known.effect_told is None else known.effect_told
    return (effect, as_of) if effect >= worse_times * told else (told, known.worsened_on)
