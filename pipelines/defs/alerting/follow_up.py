"""Between two days: answers are passed on at once, and troubles without an answer climb their ladder or are told again.

The idea: everything stops at an answer. What still waits to be sent about a trouble that somebody has is taken back,
and those who were told of it hear who has it, within a minute and not with the next day's run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from models.risk.follow_up import FollowUp, Story, follow_ups
from models.risk.route_policy import RoutePolicy
from pipelines.defs.alerting.board import Answer, Board, Standing
from pipelines.defs.alerting.rows import Changes, new_row, not_sent
from pipelines.defs.alerting.store import FOLLOW_UPS, TABLE
from pipelines.workspace import Workspace
from reports.messages.facts import MessageFacts

Row = Mapping[str, Any]
BASE_EVENTS = ("trigger", "update", "escalate")


def plan_follow_ups(workspace: Workspace, routes: RoutePolicy, board: Board, now: datetime) -> Changes:
    """What is due at this moment; nothing is written."""
    changes = Changes()
    for standing in board.standings:
        if standing.answer is not None:
            changes.marks += _taken_back(standing, standing.answer)
    calls = [*_answers(routes, board), *_due(routes, board, now)]
    payloads = _payloads(workspace, [base["notification_id"] for base, _, _, _ in calls])
    for base, standing, call, key in calls:
        facts = MessageFacts.model_validate_json(payloads[base["notification_id"]]).model_copy(update=call["facts"])
        as_of = call.get("as_of", standing.episode)
        changes.rows.append(new_row(facts, as_of, call["route"], standing.dedup_key, key, now, **standing.ids))
    return changes


def ladder_state(routes: RoutePolicy, board: Board, alert_id: str) -> dict[str, Any] | None:
    """How far an alert has climbed: levels told, what comes next and when; None where nothing was told or it is over.

    `answered` says who has it: then nothing follows.
    """
    standing = next((one for one in board.standings if one.ids["alert_id"] == alert_id), None)
    if standing is None:
        return None
    story = _story(standing, routes)
    ladder = routes.follow_up.only({route.id for route in routes.active_routes}).ladder(standing.severity)
    told = max(story.levels, default=0)
    following = ladder.level(told + 1) if ladder else None
    state: dict[str, Any] = {
        "first_told_at": story.since,
        "levels_told": told,
        "levels": len(ladder.levels) * (1 + ladder.repeat) if ladder else 0,
        "answered": None if standing.answer is None else f"{standing.answer.state} by {standing.answer.by or '?'}",
        "next_routes": None,
        "next_at": None,
    }
    if following is not None and standing.answer is None and story.since is not None:
        before = max([story.since, *story.levels.values()])
        state["next_routes"] = ", ".join(following.routes)
        state["next_at"] = before + timedelta(minutes=following.after_minutes)
    return state


Call = tuple[Row, Standing, dict[str, Any], str]


def _taken_back(standing: Standing, answer: Answer) -> Iterator[Any]:
    """Messages that wait and were written before the answer; a trigger that was tried may have arrived and goes on."""
    for row in standing.current:
        waits = row["status"] == "pending" and row["created_at"] <= answer.given_at
        if waits and (row["event"] in FOLLOW_UPS or (row["event"] in ("trigger", "update") and not row["attempts"])):
            yield not_sent(row, f"{answer.state} by {answer.by or '?'} before it was sent")


def _answers(routes: RoutePolicy, board: Board) -> Iterator[Call]:
    """Acks and resolves of people that no day's run has told yet.

    They have the keys that the next day's run would give them, which therefore tells them to nobody again.
    """
    for standing in board.standings:
        answer = standing.answer
        if answer is None:
            continue
        day = standing.episode if standing.is_incident or board.as_of is None else board.as_of + timedelta(days=1)
        if not standing.is_incident and answer.known_on < day:
            continue
        event = "resolve" if answer.state == "resolved" else "ack"
        facts: dict[str, Any] = {
            "event": event,
            "severity": standing.severity,
            "acked_by": answer.by or None,
            "waited_minutes": None,
        }
        facts |= {"snoozed_until": answer.until} if answer.state == "snoozed" else {}
        facts |= {"resolution": "person"} if event == "resolve" else {}
        for name in standing.routes_told():
            route = routes.find_route(name)
            key = f"{standing.dedup_key}:{name}:{event}:{day.isoformat()}"
            known = any(row["idempotency_key"] == key for row in standing.told)
            if route is not None and event in route.events and not known:
                as_of = standing.episode if board.as_of is None or standing.is_incident else board.as_of
                yield _base(standing), standing, {"route": name, "facts": facts, "as_of": as_of}, key


def _due(routes: RoutePolicy, board: Board, now: datetime) -> Iterator[Call]:
    policy = routes.follow_up.only({route.id for route in routes.active_routes})
    open_ones = {one.dedup_key: one for one in board.standings if one.answer is None}
    for call in follow_ups([_story(one, routes) for one in open_ones.values()], policy, now):
        standing = open_ones[call.dedup_key]
        facts = {"event": call.event, "severity": standing.severity, "waited_minutes": _minutes(call)}
        yield _base(standing), standing, {"route": call.route, "facts": facts}, _key(call, standing.episode)


def _minutes(call: FollowUp) -> int:
    return int(call.waited.total_seconds() // 60)


def _key(call: FollowUp, episode: date) -> str:
    return f"{call.dedup_key}:{call.route}:{call.event}-{call.number}:{episode.isoformat()}"


def _number(row: Row) -> int:
    """Level or count of a follow-up; its key holds it."""
    return int(row["idempotency_key"].rsplit(":", 2)[1].rpartition("-")[2])


def _base(standing: Standing) -> Row:
    """The newest message whose facts say what is the matter."""
    return [row for row in standing.told if row["event"] in BASE_EVENTS][-1]


def _story(standing: Standing, routes: RoutePolicy) -> Story:
    current = standing.current
    levels: dict[int, datetime] = {}
    for row in (row for row in current if row["event"] == "escalate"):
        number = _number(row)
        levels[number] = max(levels.get(number, row["created_at"]), row["created_at"])
    reminders = {row["route"]: _number(row) for row in current if row["event"] == "remind"}
    return Story(
        dedup_key=standing.dedup_key,
        severity=standing.severity,
        since=_since(current),
        levels=levels,
        last_told=_last_told(current, routes),
        reminders=reminders,
    )


def _since(current: Sequence[Row]) -> datetime | None:
    """When it was first told; where no route took it, when it was first tried: then the ladder is needed most."""
    firsts = [row for row in current if row["event"] in ("trigger", "update")]
    arrived: list[datetime] = [row["sent_at"] for row in firsts if row["sent_at"] is not None]
    if arrived:
        return min(arrived)
    tried: list[datetime] = [row["created_at"] for row in firsts if row["attempts"] or row["status"] == "failed"]
    return min(tried, default=None)


def _last_told(current: Sequence[Row], routes: RoutePolicy) -> dict[str, datetime]:
    """When each route that takes reminders was last told; a message that still waits counts from when it was made."""
    last: dict[str, datetime] = {}
    for row in current:
        route = routes.find_route(row["route"])
        if route is None or not route.active or "remind" not in route.events:
            continue
        if row["event"] in ("trigger", "update", *FOLLOW_UPS):
            moment = row["sent_at"] or row["created_at"]
            last[row["route"]] = max(last.get(row["route"], moment), moment)
    return last


def _payloads(workspace: Workspace, ids: Sequence[str]) -> dict[str, str]:
    if not ids:
        return {}
    wanted = ", ".join(f"'{name}'" for name in sorted(set(ids)) if name.isalnum())
    found = workspace.lake.read(TABLE, ["notification_id", "payload"], f"notification_id IN ({wanted})").to_pylist()
    return {row["notification_id"]: row["payload"] for row in found}
