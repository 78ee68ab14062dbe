"""Opening an alert, opening it again, or leaving it closed because a person said so.

The idea: what comes back within a few days is the same alert, with the same id; what a person has closed is given time.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from models.risk.alert_feedback import last_verdicts
from models.risk.alert_identity import short_hash
from models.risk.alert_policy import AlertPolicy
from models.risk.alert_state import STATE_COLUMNS, typed


def speaking(
    strongest: pd.DataFrame, live: pd.DataFrame, latest: pd.DataFrame, policy: AlertPolicy, as_of: date
) -> pd.DataFrame:
    """Evidence that opens, without what was closed today or what somebody has silenced.

    Under what does not speak nothing may be folded: nobody would hear of it.

    Parameters
    ----------
    strongest : DataFrame
        One row of evidence per key that opens today, with `rank` of its severity.
    live : DataFrame
        Alerts that already live today, those included that were closed on it.
    latest : DataFrame
        Of `latest_resolved`.
    """
    closed = live.loc[live["status"] == "resolved", "key"]
    silent = quieted(strongest, latest, policy, as_of)["key"]
    return strongest[~strongest["key"].isin([*closed, *silent])]


def open_alerts(
    opening: pd.DataFrame, live: pd.DataFrame, latest: pd.DataFrame, policy: AlertPolicy, as_of: date
) -> pd.DataFrame:
    """Open what is new, or open again what was resolved a short while ago.

    Parameters
    ----------
    opening : DataFrame
        What is left of `speaking` once it is folded.
    live, latest : DataFrame
        As there.
    """
    fresh = opening[~opening["key"].isin(live["key"])]
    again_after = pd.Timestamp(as_of) - pd.Timedelta(days=policy.lifecycle.reopen_within_days)
    returning = latest[(latest["resolved_on"] >= again_after) & latest["key"].isin(fresh["key"])]
    opened = _new_alerts(fresh, policy, as_of)
    if returning.empty:
        return opened
    earlier = returning.set_index("key").reindex(opened["key"])
    comes_back = earlier["alert_id"].notna().to_numpy(bool)
    for column in ("alert_id", "opened_on", "first_observable_on"):
        kept = pd.Series(earlier[column].to_numpy(), index=opened.index)
        opened[column] = opened[column].where(~comes_back, kept)
    opened["reopened_on"] = opened["reopened_on"].mask(comes_back, pd.Timestamp(as_of))
    return opened


def latest_resolved(past: pd.DataFrame, feedback: pd.DataFrame) -> pd.DataFrame:
    """The last alert of each key that was resolved, with the newest verdict on it."""
    latest = past.sort_values(["resolved_on", "alert_id"]).drop_duplicates("key", keep="last")
    return latest.assign(verdict=last_verdicts(latest, feedback))


def quieted(fresh: pd.DataFrame, latest: pd.DataFrame, policy: AlertPolicy, as_of: date) -> pd.DataFrame:
    """What a person has silenced for a while; a false alarm speaks again when it becomes graver.

    Parameters
    ----------
    fresh : DataFrame
        key and rank of the evidence that would open an alert.
    latest : DataFrame
        Of `latest_resolved`.

    Returns
    -------
    DataFrame
        key, alert_id, reason (`false` or `person`), days since it was resolved, quiet_days in all.
    """
    rank_then = latest["severity"].map(policy.severity.ranks)
    rank_now = latest["key"].map(fresh.set_index("key")["rank"])
    days = (pd.Timestamp(as_of) - latest["resolved_on"]).dt.days
    false_alarm = (latest["verdict"] == "false") & (days <= policy.lifecycle.quiet_after_verdict_false_days)
    by_person = (latest["resolution"] == "person") & (days <= policy.lifecycle.quiet_after_person_resolves_days)
    by_verdict = false_alarm & ~(rank_now > rank_then)
    silent = latest[["key", "alert_id"]].assign(
        reason=np.where(by_verdict, "false", "person"),
        days=days,
        quiet_days=np.where(
            by_verdict,
            policy.lifecycle.quiet_after_verdict_false_days,
            policy.lifecycle.quiet_after_person_resolves_days,
        ),
    )
    return silent[by_verdict | by_person]


def _new_alerts(fresh: pd.DataFrame, policy: AlertPolicy, as_of: date) -> pd.DataFrame:
    today = pd.Timestamp(as_of)
    levels = np.array(policy.severity.levels, dtype=object)
    columns = [
        "key",
        "merchant_id",
        "leg",
        "root_leg",
        "metric",
        "observed",
        "expected",
        "money_at_risk",
        "days_to_harm",
        "level",
        "threshold",
    ]
    opened = fresh[columns].reset_index(drop=True)
    opened["opened_by"] = fresh["door"].to_numpy()
    opened["severity"] = levels[fresh["rank"].to_numpy(np.int64)] if len(fresh) else []
    opened["status"], opened["holds"] = "open", True
    opened["opened_on"] = opened["updated_on"] = today
    # What could be seen earlier was first observable then; a date after today would be a mistake of the source.
    since = pd.Series(fresh["since"].to_numpy(), index=opened.index).astype("datetime64[s]")
    opened["first_observable_on"] = since.where(since <= today).fillna(today)
    opened["alert_id"] = [short_hash(key, as_of.isoformat()) for key in opened["key"]]
    for column in ("calm_days", "unknown_days", "milder_days"):
        opened[column] = 0
    for column in STATE_COLUMNS.keys() - set(opened.columns):
        opened[column] = None
    return typed(opened)
