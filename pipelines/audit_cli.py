"""`merchant-gps alerts audit` and `alerts labels`: what was missed, and how often alerts were right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import pandas as pd
import typer

from models.metrics.catalogue import LEGS
from models.risk.feedback_control import leg_shares
from models.risk.verdicts import real_shares
from pipelines.cli_context import AsJson, or_fail, print_json, workspace_of
from pipelines.day import Day
from pipelines.defs.alerting.previous import as_frame
from pipelines.defs.alerting.story import as_records
from pipelines.defs.risk.labels import labels_by
from pipelines.feedback import newest_day, said_so_far
from pipelines.policy import load_profile, load_risk_settings
from pipelines.shell import say
from pipelines.workspace import Workspace
from reports.messages.clean import plain

Rows = list[dict[str, Any]]


def audit(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 28,
    as_json: AsJson = False,
) -> None:
    """List merchants without an alert that were drawn at random to be looked at, and what was missed so far."""
    told: dict[str, Any] = or_fail(audits, workspace_of(context), days)
    if as_json:
        print_json(told)
        return
    say(f"{len(told['sample'])} audits in the {days} days to {told['as_of']}; look at each and say what you found:")
    say("  merchant-gps alerts label AUDIT --verdict true   (it is in trouble, and nothing rang), or false")
    for row in told["sample"]:
        say("  ".join([
            f"{row['audit_id']:<18}", f"{row['as_of']}", f"{plain(row['merchant_id'], 20):<20}",
            f"{plain(row['stratum'] or '?'):<6}", _evidence(row), row["verdict"] or "not looked at yet",
        ]))  # fmt: skip
    for what in ("size", "leg"):
        _say_shares(f"missed, by {what}", told[f"missed_by_{what}"], "in trouble")


def labels(context: typer.Context, as_json: AsJson = False) -> None:
    """Say how often alerts were right, by leg and by door, and what share of false alarms each leg may have."""
    told: dict[str, Any] = or_fail(precision, workspace_of(context))
    if as_json:
        print_json(told)
        return
    for what in ("leg", "door"):
        _say_shares(f"right, by {what}", told[f"right_by_{what}"], "right")
    say("share of false alarms that the day's control allows, by leg of the evidence:")
    for row in told["control"]:
        seen = f"{row['real']} of {row['labels']} anomalies right" if row["labels"] else "no verdict"
        since = f" since {row['moved_on']}" if row["moved_on"] else ", as in policy"
        say(f"  {row['leg']:<14} {row['q']:.3f}{since}; {seen}; {row['missed']} of {row['audited']} audits in trouble")


def audits(workspace: Workspace, days: int) -> dict[str, Any]:
    """The audits of the newest days with their verdicts, and the share that was missed."""
    as_of = newest_day(workspace)
    said = said_so_far(workspace)
    first = as_of - timedelta(days=days - 1)
    where = f"as_of >= DATE '{first.isoformat()}' AND as_of <= DATE '{as_of.isoformat()}'"
    sample = as_frame(workspace.lake.read("audit_sample", where=where))
    newest = said[said["verdict"].notna()].sort_values(["given_at", "feedback_id"], kind="stable")
    verdicts = newest.drop_duplicates("alert_id", keep="last").set_index("alert_id")["verdict"]
    sample = sample.assign(verdict=sample["audit_id"].map(verdicts).astype(object))
    known, confidence = _labels(workspace)
    looked_at = known[known["audit"]]
    return {
        "as_of": as_of,
        "sample": as_records(sample.sort_values(["as_of", "audit_id"], ascending=[False, True])),
        "missed_by_size": as_records(real_shares(looked_at, "stratum", confidence)),
        "missed_by_leg": as_records(real_shares(looked_at, "leg", confidence)),
    }


def precision(workspace: Workspace) -> dict[str, Any]:
    """The share of alerts that were right, and what follows for the control."""
    known, confidence = _labels(workspace)
    of_alerts = known[~known["audit"]]
    control = leg_shares(known, LEGS, load_risk_settings(workspace).control)
    return {
        "as_of": newest_day(workspace),
        "right_by_leg": as_records(real_shares(of_alerts, "stratum", confidence)),
        "right_by_door": as_records(real_shares(of_alerts, "door", confidence)),
        "control": as_records(pd.DataFrame([asdict(share) for share in control])),
    }


def _labels(workspace: Workspace) -> tuple[pd.DataFrame, float]:
    """All verdicts, what no run has taken over yet included, and the level of intervals."""
    day = Day(workspace, newest_day(workspace))
    confidence = load_risk_settings(workspace).control.confidence
    return labels_by(day, load_profile(workspace), said_so_far(workspace)), confidence


def _evidence(row: dict[str, Any]) -> str:
    if row["p_value"] is None:
        return f"{'no evidence on any leg':<28}"
    return f"{row['leg']:<14} p {row['p_value']:<12.3g}"


def _say_shares(title: str, rows: Sequence[dict[str, Any]], what: str) -> None:
    say(f"{title}:" + ("" if rows else " no verdict yet"))
    for row in rows:
        interval = f"{row['low']:.0%} to {row['high']:.0%}"
        say(f"  {plain(row['stratum']):<14} {row['real']} of {row['labelled']} {what}: {row['share']:.0%} ({interval})")
