"""The life of an alert across days: open, acked or snoozed, resolved, opened again.

The idea: state of yesterday + evidence of today + what people said = state of today. The same inputs give the same
rows, ids included, so any day can be replayed. One key has at most one alert that is not resolved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.risk.alert_feedback import apply_feedback
from models.risk.alert_policy import AlertPolicy, LifecyclePolicy
from models.risk.alert_state import typed
from models.risk.candidates import collect_evidence
from models.risk.evidence import DayTables
from models.risk.folding import fold, symptoms, with_root_leg
from models.risk.grouping import incident_of_alerts
from models.risk.opening import latest_resolved, open_alerts, speaking
from models.risk.severity import settle_severity, severities

DOOR_ORDER = {"limit": 0, "projection": 1, "anomaly": 2}


@dataclass(frozen=True)
class Context:
    """What else counts on a day: what people said by then, open incidents, and who belongs to which group or crowd."""

    feedback: pd.DataFrame
    incidents: pd.DataFrame
    merchants: pd.DataFrame
    crowd: pd.DataFrame | None = None


def advance(
    previous: pd.DataFrame, tables: DayTables, context: Context, policy: AlertPolicy, as_of: date, step_days: int = 1
) -> pd.DataFrame:
    """Alerts of a day from those of the day before.

    Parameters
    ----------
    previous : DataFrame
        `STATE_COLUMNS`; alerts not resolved on the day before, and those resolved within the policy's memory.
    tables : DayTables
        What the day says.
    as_of : date
        The day.
    step_days : int
        Days since the day before; a backtest may leave days out, and a state that is seen on both ends is taken to
        have lasted between them.

    Returns
    -------
    DataFrame
        `STATE_COLUMNS`, sorted by alert_id: every alert that is not resolved, or was resolved on this day. `event` says
        what happened today: opened, reopened, resolved, released, raised, lowered, acked, snoozed, woken, or empty.
    """
    resolved = previous["status"] == "resolved"
    before, past = previous[~resolved].reset_index(drop=True), previous[resolved]
    evidence = collect_evidence(tables, before, policy)
    evidence = with_root_leg(evidence, tables.roots, policy.own_roots)
    evidence["rank"] = severities(evidence, policy.severity)
    strongest = _strongest_openings(evidence, policy)
    told = apply_feedback(before, context.feedback, as_of, policy.lifecycle)
    live = _follow(told, evidence, strongest, policy, as_of, step_days)
    latest = latest_resolved(past, context.feedback)
    opening, folded = fold(speaking(strongest, live, latest, policy, as_of), live[live["status"] != "resolved"])
    opened = open_alerts(opening, live, latest, policy, as_of)
    alerts = pd.concat([part for part in (live, opened) if len(part)] or [live], ignore_index=True)
    alerts["symptoms"] = symptoms(alerts, folded)
    groups = incident_of_alerts(alerts, context.incidents, context.merchants, policy.incidents, context.crowd)
    alerts["incident_id"] = groups
    alerts["event"] = _events(alerts, before, policy)
    return typed(alerts).sort_values("alert_id", ignore_index=True)


def _strongest_openings(evidence: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    """One row per key that opens today: the gravest, then by door, then by the metric's place in its family."""
    opening = evidence[evidence["opens"]]
    place = opening["metric"].map(policy.place_of_metric).fillna(0)
    ordered = opening.assign(order=opening["door"].map(DOOR_ORDER), place=place).sort_values(
        ["key", "rank", "order", "place", "level", "metric"], ascending=[True, False, True, True, False, True]
    )
    return ordered.drop_duplicates("key").drop(columns=["order", "place"])


def _follow(
    alerts: pd.DataFrame,
    evidence: pd.DataFrame,
    strongest: pd.DataFrame,
    policy: AlertPolicy,
    as_of: date,
    step_days: int,
) -> pd.DataFrame:
    """Carry live alerts into today: does the trouble hold, is it calm, is it unknown?"""
    out = alerts.copy()
    by_key = evidence.groupby("key")
    known_rows = evidence[evidence["known"]].groupby("key")
    holds = _is_true(out["key"].map(by_key["opens"].any()))
    known = _is_true(out["key"].map(by_key["known"].any()))
    calm = _is_true(out["key"].map(known_rows["calm"].all())) & ~holds
    out["holds"] = holds
    # An unknown day neither counts as calm nor breaks the row of calm days.
    out["calm_days"] = np.where(calm, out["calm_days"] + step_days, np.where(known, 0, out["calm_days"]))
    out["unknown_days"] = np.where(known, 0, out["unknown_days"] + step_days)
    out = _refresh_values(out, evidence)
    out = _refresh_severity(out, strongest, policy, as_of)
    return _resolve(out, policy.lifecycle, as_of)


def _is_true(values: pd.Series) -> npt.NDArray[np.bool_]:
    """What is not known is not true."""
    return values.isin([True]).to_numpy(bool)


def _refresh_values(out: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Newest values of the metric and door that opened the alert; what is not known today keeps its last value."""
    same = evidence[evidence["known"]].sort_values("level", ascending=False, kind="stable")  # of equals, the first
    same = same.drop_duplicates(["key", "metric", "door"]).set_index(["key", "metric", "door"])
    today = same.reindex(pd.MultiIndex.from_frame(out[["key", "metric", "opened_by"]]))
    for column in ("observed", "expected", "money_at_risk", "days_to_harm", "level"):
        fresh = pd.Series(today[column].to_numpy(float), index=out.index)
        out[column] = fresh.fillna(out[column])
    return out


def _refresh_severity(out: pd.DataFrame, strongest: pd.DataFrame, policy: AlertPolicy, as_of: date) -> pd.DataFrame:
    levels = np.array(policy.severity.levels, dtype=object)
    current = np.asarray(out["severity"].map(policy.severity.ranks).fillna(0), dtype=np.int64)
    table = out["key"].map(strongest.set_index("key")["rank"])
    today = table.fillna(pd.Series(current, index=out.index)).to_numpy(np.int64)
    rank, milder = settle_severity(current, today, out["milder_days"].to_numpy(np.int64), policy.severity)
    # A day that opens nothing says nothing about severity.
    out["milder_days"] = np.where(table.notna(), milder, out["milder_days"])
    changed = (rank != current) & (out["status"] != "resolved").to_numpy(bool)
    out["severity"] = np.where(changed, levels[rank], out["severity"]) if len(out) else out["severity"]
    out["updated_on"] = out["updated_on"].mask(changed, pd.Timestamp(as_of))
    return out


def _resolve(out: pd.DataFrame, lifecycle: LifecyclePolicy, as_of: date) -> pd.DataFrame:
    standing = out["status"] != "resolved"
    recovered = standing & (out["calm_days"] >= lifecycle.resolve_after_calm_days)
    expired = standing & (out["unknown_days"] >= lifecycle.expire_after_unknown_days)
    out["resolution"] = out["resolution"].mask(expired, "expired").mask(recovered, "recovered")
    closing = recovered | expired
    out["status"] = out["status"].mask(closing, "resolved")
    out["resolved_on"] = out["resolved_on"].mask(closing, pd.Timestamp(as_of))
    return out


def _events(alerts: pd.DataFrame, before: pd.DataFrame, policy: AlertPolicy) -> pd.Series:
    """What happened to each alert today, in one word; the weightiest where several did."""
    old = before.set_index("alert_id").reindex(alerts["alert_id"]).reset_index(drop=True)
    ranks = policy.severity.ranks
    rank, old_rank = alerts["severity"].map(ranks), old["severity"].map(ranks)
    is_new = old["status"].isna()
    status = alerts["status"]
    moved = ~is_new & (status != old["status"])
    conditions = [
        status == "resolved",
        is_new & alerts["reopened_on"].notna(),
        is_new,
        old["incident_id"].notna() & alerts["incident_id"].isna(),
        ~is_new & (rank > old_rank),
        ~is_new & (rank < old_rank),
        (old["status"] == "snoozed") & moved,
        (status == "acked") & moved,
        (status == "snoozed") & moved,
    ]
    words = ["resolved", "reopened", "opened", "released", "raised", "lowered", "woken", "acked", "snoozed"]
    flags = [_is_true(condition) for condition in conditions]
    return pd.Series(np.select(flags, words, default=""), index=alerts.index, dtype=object)
