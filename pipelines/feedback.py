"""What on-call says about alerts: a landing file per entry, seen at once and taken in with the next day.

The idea: feedback is a feed like any other, so it is versioned, replayable and never edits an alert. Until the next day
is navigated, whoever looks at alerts sees them with all feedback applied.
"""

from __future__ import annotations

import csv
import os
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

import pandas as pd
import pyarrow as pa

from models.risk.alert_feedback import FEEDBACK_COLUMNS, apply_feedback, last_verdicts
from models.risk.alert_state import STATE_COLUMNS
from pipelines.contracts.feeds import feeds
from pipelines.contracts.landing import DATED
from pipelines.defs.alerting.policies import alert_policy
from pipelines.defs.alerting.previous import as_frame
from pipelines.workspace import Workspace
from reports.messages.clean import plain

FEED = "feedback"
Action = Literal["ack", "snooze", "resolve", "label"]
Verdict = Literal["true", "false", "fixed"]
LONGEST_COMMENT = 2000
TEXTS = ("feedback_id", "alert_id", "action", "verdict", "by", "comment")


class NoSuchAlertError(LookupError):
    """No alert has this id, or no day has been navigated."""


@dataclass(frozen=True)
class AlertsNow:
    """Alerts as they stand: the newest day's, with what was said since."""

    as_of: date
    rows: pd.DataFrame


def give(
    workspace: Workspace,
    alert_id: str,
    action: Action,
    *,
    verdict: Verdict | None = None,
    until: date | None = None,
    by: str = "",
    comment: str = "",
) -> Path:
    """Say something about an alert or an audited merchant, or take on an incident; takes effect at once.

    Parameters
    ----------
    until : date
        Last day of a snooze.

    Returns
    -------
    Path
        The landing file that holds the entry.

    Raises
    ------
    NoSuchAlertError
        When no alert has this id.
    ValueError
        When the action lacks what it needs, or the alert is already resolved.
    """
    now = alerts_now(workspace)
    _check(action, verdict, until, now.as_of)
    subject = _subject(workspace, now, alert_id, action)
    given_at = datetime.now(workspace.config.zone).replace(tzinfo=None)
    entry = {
        "feedback_id": uuid.uuid4().hex, "alert_id": subject, "given_at": given_at.isoformat(sep=" "),
        "action": action, "verdict": verdict or "", "by": plain(by), "comment": plain(comment, LONGEST_COMMENT),
        "until": until.isoformat() if until else "",
    }  # fmt: skip
    return _land(workspace, entry, now.as_of + timedelta(days=1))


def _subject(workspace: Workspace, now: AlertsNow, name: str, action: Action) -> str:
    """Id of what is spoken of, after a look at whether the action fits it."""
    incident = open_incident(workspace, name)
    if incident is not None:
        if action not in ("ack", "snooze"):
            raise ValueError(f"{incident} is an incident; it can be acked or snoozed, and ends when its figures do")
        return incident
    audit = audit_of(workspace, name)
    if audit is not None:
        if action != "label":
            raise ValueError(f"{audit} is an audit: nothing rang, so it takes a label and nothing else")
        return audit
    _, alert = find_alert(workspace, now, name)
    if action != "label" and alert["status"] == "resolved":
        raise ValueError(f"alert {name} is resolved; only a label can still be given")
    return str(alert["alert_id"])


def alerts_now(workspace: Workspace) -> AlertsNow:
    """Alerts of the newest navigated day with all feedback applied.

    Raises
    ------
    NoSuchAlertError
        When no day has been navigated yet.
    """
    as_of = newest_day(workspace)
    rows = as_frame(workspace.lake.read("alerts", where=f"as_of = DATE '{as_of.isoformat()}'"))
    said = said_so_far(workspace)
    resolved = rows["status"] == "resolved"
    live = apply_feedback(rows[~resolved][list(STATE_COLUMNS)], said, as_of, alert_policy(workspace).lifecycle)
    closed = rows[resolved][list(STATE_COLUMNS)]
    closed = closed.assign(verdict=last_verdicts(closed, said))
    both = pd.concat([part for part in (live, closed) if len(part)] or [live], ignore_index=True)
    return AlertsNow(as_of, both)


def newest_day(workspace: Workspace) -> date:
    """Newest day whose alerts were made; NoSuchAlertError where there is none."""
    days: list[date] = workspace.lake.read("alert_volume", ["as_of"], "leg = 'all'").column("as_of").to_pylist()
    if not days:
        raise NoSuchAlertError("no day has been navigated yet; run: merchant-gps run")
    return max(days)


def open_incident(workspace: Workspace, incident_id: str) -> str | None:
    """The id of an incident that was told and not told as over; None when no such incident has this id."""
    wanted = incident_id.strip().lower()
    told = workspace.lake.read(
        "notifications", ["incident_id", "event"], "alert_id IS NULL AND incident_id IS NOT NULL"
    ).to_pylist()
    events = {row["event"] for row in told if row["incident_id"] == wanted}
    return wanted if "trigger" in events and "resolve" not in events else None


def feedback_of(workspace: Workspace, alert_id: str) -> pd.DataFrame:
    """All that was said about an alert, oldest first."""
    said = said_so_far(workspace)
    return said[said["alert_id"] == alert_id].sort_values(["given_at", "feedback_id"])


def find_alert(workspace: Workspace, now: AlertsNow, alert_id: str) -> tuple[date, pd.Series]:
    """The newest day of an alert and how it stood then (case does not matter); also one that is long resolved.

    Raises
    ------
    NoSuchAlertError
        When no alert has this id; says where to look.
    """
    wanted = alert_id.strip().upper()
    found = now.rows[now.rows["alert_id"] == wanted]
    if len(found):
        return now.as_of, found.iloc[0]
    past = _rows_named(workspace, "alerts", "alert_id", wanted).sort_values("as_of")
    if past.empty:
        raise NoSuchAlertError(f"no alert {plain(alert_id)!r} on {now.as_of}; see: merchant-gps alerts list")
    newest = past.tail(1).assign(verdict=last_verdicts(past.tail(1), said_so_far(workspace)))
    return newest["as_of"].iloc[0].date(), newest[list(STATE_COLUMNS)].iloc[0]


def audit_of(workspace: Workspace, audit_id: str) -> str | None:
    """The id of a merchant that was drawn to be looked at; None when none has this id."""
    wanted = audit_id.strip().upper()
    return None if _rows_named(workspace, "audit_sample", "audit_id", wanted).empty else wanted


def _rows_named(workspace: Workspace, table: str, column: str, name: str) -> pd.DataFrame:
    """Rows of a table whose id is this; what cannot be an id of ours has none."""
    ours = re.fullmatch(r"[A-Z0-9-]{1,40}", name) is not None
    return as_frame(workspace.lake.read(table, where=f"{column} = '{name}'" if ours else "false"))


def _check(action: str, verdict: str | None, until: date | None, as_of: date) -> None:
    if action not in get_args(Action):
        raise ValueError(f"action must be one of {', '.join(get_args(Action))}; got {action!r}")
    if (action == "label") != (verdict is not None):
        raise ValueError("a label needs a verdict (true, false or fixed), and only a label has one")
    if verdict is not None and verdict not in get_args(Verdict):
        raise ValueError(f"verdict must be one of {', '.join(get_args(Verdict))}; got {verdict!r}")
    if (action == "snooze") != (until is not None):
        raise ValueError("a snooze needs --until (its last day), and only a snooze has one")
    if until is not None and until <= as_of:
        raise ValueError(f"--until {until} is not after {as_of}, the last day that was navigated")


def _land(workspace: Workspace, entry: dict[str, str], day: date) -> Path:
    """Write the entry whole or not at all; one file each, so that two people never write the same one."""
    folder = workspace.landing / FEED
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{day.isoformat()}-{entry['feedback_id']}.csv"
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(feeds()[FEED].columns))
        writer.writeheader()
        writer.writerow(entry)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    return path


def said_so_far(workspace: Workspace) -> pd.DataFrame:
    """All that was said, what has landed since the last run included; columns `FEEDBACK_COLUMNS`."""
    known = as_frame(workspace.lake.read(FEED, list(FEEDBACK_COLUMNS)))
    landed = _landed(workspace, set(known["feedback_id"]))
    return pd.concat([known, landed], ignore_index=True) if len(landed) else known


def _landed(workspace: Workspace, known: set[str]) -> pd.DataFrame:
    entries: list[dict[str, object]] = []
    for path in sorted((workspace.landing / FEED).glob("*.csv")):
        day = DATED.match(path.name)
        if day is None:
            continue
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
            rows = [row for row in csv.DictReader(file) if row.get("feedback_id") and row["feedback_id"] not in known]
        entries += [_typed(row, day.group(1)) for row in rows]
    schema = pa.schema([*feeds()[FEED].schema, pa.field("known_on", pa.date32())])
    return as_frame(pa.Table.from_pylist([entry for entry in entries if entry], schema=schema))[list(FEEDBACK_COLUMNS)]


def _typed(row: dict[str, str], day: str) -> dict[str, object]:
    """An entry as the lake would hold it; empty when it breaks the contract (the next run says why)."""
    try:
        return {
            **{name: row.get(name) or None for name in TEXTS},
            "given_at": datetime.fromisoformat(row["given_at"]).replace(tzinfo=None),
            "until": date.fromisoformat(row["until"]) if row.get("until") else None,
            "known_on": date.fromisoformat(day),
        }
    except (KeyError, ValueError):
        return {}


def sorted_for_people(rows: pd.DataFrame, levels: Sequence[str]) -> pd.DataFrame:
    """The gravest and most costly first."""
    rank = rows["severity"].map({name: number for number, name in enumerate(levels)})
    order = rows.assign(rank=rank).sort_values(["rank", "money_at_risk", "alert_id"], ascending=[False, False, True])
    return order.drop(columns="rank")
