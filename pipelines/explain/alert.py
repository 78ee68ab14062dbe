"""The story of one alert: the numbers of its leg, why it opened, who was told, and what would turn it green."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from models.risk.alert_policy import AlertPolicy
from pipelines.cli_context import short
from pipelines.defs.alerting.board import board
from pipelines.defs.alerting.follow_up import ladder_state
from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.defs.alerting.story import story
from pipelines.explain.reading import UnknownMerchantError, explain, greens
from pipelines.feedback import alerts_now, find_alert
from pipelines.workspace import Workspace

Row = Mapping[str, Any]
Chapters = dict[str, list[dict[str, Any]]]


def alert_story(workspace: Workspace, alert_id: str, now: datetime | None = None) -> Chapters:
    """All rows about an alert by chapter: those of `story`, and control, incidents, why, turns_green, escalation.

    Raises
    ------
    NoSuchAlertError
        When no alert has this id.
    """
    chapters: Chapters = dict(story(workspace, alert_id))
    alert, policy = chapters["alert"][0], alert_policy(workspace)
    chapters["escalation"] = _escalation(workspace, alert, now or datetime.now(UTC))
    as_of, _ = find_alert(workspace, alerts_now(workspace), alert_id)
    try:
        told = explain(workspace, alert["merchant_id"], as_of)
    except UnknownMerchantError:  # a merchant that has left, or a day whose risk tables were not kept
        return {**chapters, "control": [], "incidents": [], "why": [], "turns_green": []}
    found = told.chapters
    green = greens(told, alert) if alert["status"] != "resolved" else []
    why = [row for row in found["reasons"] if row["key"] == alert["key"] or row["leg"] == alert["leg"]]
    return {
        **chapters,
        "control": found["control"],
        "incidents": [row for row in found["incidents"] if row["incident_id"] == alert["incident_id"]],
        "why": why,
        "turns_green": [{**row, "text": green_text(row, alert, policy)} for row in green],
    }


def _escalation(workspace: Workspace, alert: Row, now: datetime) -> list[dict[str, Any]]:
    state = ladder_state(route_policy(workspace), board(workspace, now), alert["alert_id"])
    return [] if state is None else [state]


def green_text(row: Row, alert: Row, policy: AlertPolicy) -> str:
    """What one metric must do before the alert resolves by itself."""
    days = policy.lifecycle.resolve_after_calm_days
    count = f"for {days} days in a row, {int(alert['calm_days'])} so far"
    if not row["known"]:
        return "not measurable today: the day counts neither way"
    if row["calm"]:
        return f"calm already, and must stay so {count}"
    if row["door"] == "anomaly":
        p_value, needed = 10 ** -row["level"], 10 ** -row["calm_below"]
        return f"the leg's p, now {short(p_value)}, must be above {short(needed)} {count}"
    said = f"its probability, now {short(row['level'])}, must be under {short(row['calm_below'])}"
    if row["door"] == "limit":
        good = row["good_until_green"]
        more = "" if good is None else f"; {short(good)} good events would turn the light green"
        limit = row["limit_red"]
        inside = "the light must no longer be red" if limit is None else f"{_back(row, limit)}, or {said}"
        return f"{inside} {count}{more}"
    return f"{said} {count}"


def _back(row: Row, limit: float) -> str:
    return f"{short(row['observed'])} must come back inside {short(limit)}"
