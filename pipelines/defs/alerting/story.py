"""The whole chain of numbers behind an alert: from counts over evidence to what was told.

The idea: "why?" is answered from the tables alone, so what on-call reads is what the day decided on.
"""

from __future__ import annotations

from typing import Any

from pipelines.day import Day
from pipelines.feedback import AlertsNow, alerts_now, feedback_of, find_alert
from pipelines.workspace import Workspace

TABLES = ("metric_signals", "leg_status", "merchant_risk", "replenishment_plan", "alerts", "notifications")


def story(workspace: Workspace, alert_id: str) -> dict[str, list[dict[str, Any]]]:
    """Rows by chapter: alert, signals, evidence, stock, days, feedback, messages.

    Raises
    ------
    NoSuchAlertError
        When no alert has this id.
    """
    now: AlertsNow = alerts_now(workspace)
    as_of, found = find_alert(workspace, now, alert_id)
    alert = as_records(found.to_frame().T)[0]
    asked = {"merchant_id": alert["merchant_id"]}
    day = Day(workspace, as_of)
    with day.connect(*TABLES) as connection:
        chapters = {
            "signals": day.query(
                connection, __file__, "story_signals.sql", metric=alert["metric"], leg=alert["leg"], **asked
            ),
            "evidence": day.query(connection, __file__, "story_risk.sql", **asked),
            "stock": day.query(connection, __file__, "story_stock.sql", **asked),
            "days": day.query(connection, __file__, "story_days.sql", alert_id=alert["alert_id"]),
            "messages": day.query(
                connection, __file__, "story_messages.sql",
                alert_id=alert["alert_id"], incident_id=alert["incident_id"],
            ),
        }  # fmt: skip
    told = {name: rows.to_pylist() for name, rows in chapters.items()}
    if alert["opened_by"] != "projection":
        told["stock"] = []
    said = feedback_of(workspace, alert["alert_id"]).drop(columns="alert_id")
    return {"alert": [alert], **told, "feedback": as_records(said)}


def as_records(frame: Any) -> list[dict[str, Any]]:
    """Rows as dictionaries; what is not known is None, days are dates."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{name: _plain_value(value) for name, value in row.items()} for row in rows]


def _plain_value(value: Any) -> Any:
    if hasattr(value, "to_pydatetime"):
        moment = value.to_pydatetime()
        return moment.date() if moment.time().isoformat() == "00:00:00" else moment
    return value.item() if hasattr(value, "item") else value
