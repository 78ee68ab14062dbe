"""Troubles that were told and are not over: what was told of each, and whether somebody has answered.

The idea: an answer counts the moment it is given. So a trouble's standing is put together from the outbox and from what
people have said by now, not from the last day's tables alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pandas as pd

from pipelines.defs.alerting.store import TABLE
from pipelines.feedback import AlertsNow, NoSuchAlertError, alerts_now, said_so_far
from pipelines.views import open_views
from pipelines.workspace import Workspace
from reports.messages.clean import plain

Row = Mapping[str, Any]
State = Literal["open", "acked", "snoozed", "resolved"]
STATE_OF_ACTION: Mapping[str, State] = {"ack": "acked", "snooze": "snoozed", "resolve": "resolved"}


@dataclass(frozen=True)
class Answer:
    """What somebody said last about a trouble; `known_on` is the day that will take it over."""

    state: State
    by: str
    given_at: datetime
    known_on: date
    until: date | None = None


@dataclass(frozen=True)
class Standing:
    """One trouble.

    Attributes
    ----------
    told : sequence of row
        All messages about it, oldest first.
    episode : date
        Day on which it was told that it opened, or that its severity changed.
    severity : str
        As it is now.
    answer : Answer or None
        None while nobody has it.
    """

    dedup_key: str
    told: Sequence[Row]
    episode: date
    severity: str
    answer: Answer | None

    @property
    def ids(self) -> dict[str, str | None]:
        """Ids of its alert, incident and merchant."""
        first = self.told[0]
        return {name: first[name] for name in ("alert_id", "incident_id", "merchant_id")}

    @property
    def is_incident(self) -> bool:
        """Whether it is one of a group, a feed, a run or a day, not one alert."""
        return self.told[0]["alert_id"] is None

    @property
    def current(self) -> list[Row]:
        """What was told since it opened or changed."""
        return [row for row in self.told if row["as_of"] >= self.episode]

    def routes_told(self) -> list[str]:
        """Routes that know of it, or may."""
        knowing = [row for row in self.told if row["event"] in ("trigger", "escalate") and not _untouched(row)]
        return sorted({row["route"] for row in knowing})


def _untouched(row: Row) -> bool:
    return row["status"] == "pending" and not row["attempts"]


@dataclass(frozen=True)
class Board:
    """All standings, and the newest day that was navigated (None before the first)."""

    as_of: date | None
    standings: Sequence[Standing]


def board(workspace: Workspace, moment: datetime) -> Board:
    """Read how everything stands at a moment; a board without troubles costs one query."""
    if not workspace.lake.exists(TABLE):
        return Board(None, ())
    stories: dict[str, list[Row]] = defaultdict(list)
    for row in _told(workspace):
        stories[row["dedup_key"]].append(row)
    if not stories:
        return Board(None, ())
    now = _alerts_now(workspace)
    answers = answers_of(workspace)
    today = moment.astimezone(workspace.config.zone).date()
    found = (_standing(key, rows, now, answers, today) for key, rows in stories.items())
    return Board(now.as_of if now else None, tuple(one for one in found if one is not None))


def _told(workspace: Workspace) -> list[dict[str, Any]]:
    sql = Path(__file__).with_name("board.sql").read_text(encoding="utf-8")
    with open_views(workspace.lake, [TABLE]) as connection:
        rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return rows


def _alerts_now(workspace: Workspace) -> AlertsNow | None:
    try:
        now = alerts_now(workspace)
    except NoSuchAlertError:
        return None
    return AlertsNow(now.as_of, now.rows.set_index("alert_id"))


def _standing(
    key: str, rows: Sequence[Row], now: AlertsNow | None, answers: Mapping[str, Answer], today: date
) -> Standing | None:
    """None for an alert that is over although nobody was told so."""
    newest, episode = rows[-1], rows[-1]["episode"]
    alert_id = newest["alert_id"]
    if alert_id is None:
        # The id of an incident holds its first day, so what was said of it is about this one.
        answer = answers.get(newest["incident_id"])
        asleep = answer is None or answer.state != "snoozed" or (answer.until or today) >= today
        return Standing(key, rows, episode, newest["severity"], answer if asleep else None)
    if now is None or alert_id not in now.rows.index:
        return None
    alert = now.rows.loc[[alert_id]].iloc[0].to_dict()
    answer = answers.get(alert_id)
    if alert["status"] == "resolved" and (answer is None or answer.known_on <= now.as_of):
        return None  # the day's run has told, or will tell, that it is over
    return Standing(key, rows, episode, str(alert["severity"]), _answer_now(alert, answer, now.as_of))


def _answer_now(alert: Mapping[Any, Any], answer: Answer | None, as_of: date) -> Answer | None:
    """The answer as the alert's lifecycle understands it: a sleep may be over, a label may have closed it."""
    if alert["status"] == "open":
        return None
    by = plain(alert["acked_by"]) if isinstance(alert["acked_by"], str) else ""
    given = answer.given_at if answer else datetime.fromtimestamp(0, UTC)
    until = alert["snoozed_until"]
    return Answer(
        state=alert["status"],
        by=by or (answer.by if answer else ""),
        given_at=given,
        known_on=answer.known_on if answer else as_of,
        until=None if pd.isna(until) else pd.Timestamp(until).date(),
    )


def answers_of(workspace: Workspace) -> dict[str, Answer]:
    """The last thing that was said about each alert and incident, labels included: `false` and `fixed` close."""
    said = said_so_far(workspace).sort_values(["given_at", "feedback_id"], kind="stable")
    answers: dict[str, Answer] = {}
    entries: list[dict[Any, Any]] = said.astype(object).where(said.notna(), None).to_dict("records")
    for entry in entries:
        closes = entry["verdict"] in ("false", "fixed")
        state = STATE_OF_ACTION.get(entry["action"], "resolved" if closes else None)
        if state is not None:
            answers[entry["alert_id"]] = _answer(entry, state, workspace.config.zone)
    return answers


def _answer(entry: Mapping[Any, Any], state: State, zone: ZoneInfo) -> Answer:
    given = entry["given_at"].to_pydatetime() if isinstance(entry["given_at"], pd.Timestamp) else entry["given_at"]
    return Answer(
        state=state,
        by=plain(entry["by"]),
        given_at=given.replace(tzinfo=zone),
        known_on=pd.Timestamp(entry["known_on"]).date(),
        until=None if entry["until"] is None else pd.Timestamp(entry["until"]).date(),
    )
