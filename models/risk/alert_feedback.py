"""What people said about alerts, folded into their state.

The idea: the human part of an alert (who has it, until when it sleeps, the verdict) is a pure function of all that was
said since it opened. Folding twice, or folding early for somebody who looks before the next run, gives the same state.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from models.risk.alert_policy import LifecyclePolicy

FEEDBACK_COLUMNS = ("feedback_id", "alert_id", "given_at", "action", "verdict", "by", "comment", "until", "known_on")
CHANGES_STATUS = ("ack", "snooze", "resolve")


def apply_feedback(alerts: pd.DataFrame, feedback: pd.DataFrame, as_of: date, policy: LifecyclePolicy) -> pd.DataFrame:
    """Return live alerts with status, acked_by, snoozed_until, verdict, resolved_on and resolution as people left them.

    Parameters
    ----------
    alerts : DataFrame
        Alerts that are not resolved.
    feedback : DataFrame
        Columns `FEEDBACK_COLUMNS`; entries from before an alert (re)opened do not count.
    as_of : date
        The day whose state is wanted: a sleep that ended before it is over.
    """
    said = _said_since_opening(alerts, feedback)
    if said.empty and not alerts["snoozed_until"].notna().any():
        return alerts
    out = alerts.set_index("alert_id")
    out["acked_by"] = _last(said[said["action"] == "ack"], "by").reindex(out.index)
    out["verdict"] = _last(said[said["verdict"].notna()], "verdict").reindex(out.index)
    moves = _moves(said, policy)
    last_move = _last(moves, "action").reindex(out.index)
    until = _last(moves[moves["action"] == "snooze"], "until").reindex(out.index)
    sleeps = (last_move == "snooze") & (pd.to_datetime(until) >= pd.Timestamp(as_of))
    out["snoozed_until"] = until.where(sleeps).astype("datetime64[s]")
    out["status"] = "open"
    out.loc[out["acked_by"].notna(), "status"] = "acked"
    out.loc[sleeps, "status"] = "snoozed"
    closed = (last_move == "resolve").isin([True])
    out.loc[closed, "status"] = "resolved"
    out.loc[closed, "resolved_on"] = pd.Timestamp(as_of)
    out.loc[closed, "resolution"] = "person"
    return out.reset_index()[list(alerts.columns)]


def _said_since_opening(alerts: pd.DataFrame, feedback: pd.DataFrame) -> pd.DataFrame:
    since = alerts[["alert_id"]].assign(since=alerts["reopened_on"].fillna(alerts["opened_on"]))
    said = feedback.merge(since, on="alert_id")
    said = said[pd.to_datetime(said["known_on"]) >= pd.to_datetime(said["since"])]
    # An ack without a name is still an ack: somebody has it.
    said = said.assign(by=said["by"].fillna("?"))
    return said.sort_values(["given_at", "feedback_id"], kind="stable")


def _moves(said: pd.DataFrame, policy: LifecyclePolicy) -> pd.DataFrame:
    """Entries that change the status; a verdict that closes an alert is a resolve."""
    closing = (said["action"] == "label") & said["verdict"].isin(policy.verdicts_that_resolve)
    moves = said.assign(action=said["action"].mask(closing, "resolve"))
    return moves[moves["action"].isin(CHANGES_STATUS)]


def _last(said: pd.DataFrame, column: str) -> pd.Series:
    return said.drop_duplicates("alert_id", keep="last").set_index("alert_id")[column].astype(object)


def last_verdicts(alerts: pd.DataFrame, feedback: pd.DataFrame) -> pd.Series:
    """Newest verdict on each alert, also one given after it was resolved; else the verdict it has."""
    labels = feedback[feedback["verdict"].notna()].sort_values(["given_at", "feedback_id"], kind="stable")
    said = alerts["alert_id"].map(_last(labels, "verdict")).astype(object)
    return said.fillna(alerts["verdict"])
