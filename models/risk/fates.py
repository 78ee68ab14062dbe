"""What became of evidence: the alert that it opened or keeps open, or why it opened none, and how an alert ends.

The idea: that evidence opens is one thing, that somebody hears of it another. Between them stand an alert that is there
already, the alert of a leg upstream, and people who asked for quiet; each is asked in the lifecycle's own order, with
the lifecycle's own functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from models.risk.alert_policy import AlertPolicy
from models.risk.folding import fold
from models.risk.opening import latest_resolved, quieted
from models.risk.why import OPENS

FATES = (
    "opened",
    "reopened",
    "holds",  # an alert that stood before stays open
    "closed",  # the alert was closed today although the evidence stands
    "folded",  # under the alert of the leg upstream where it began
    "quiet_false",  # somebody called it a false alarm
    "quiet_person",  # somebody said it was done
    "unexplained",  # the tables or the policy are no longer those that the day was decided on
)
FATE_COLUMNS = ("fate", "alert_id", "days", "quiet_days")


@dataclass(frozen=True)
class AlertDays:
    """Alerts of one merchant around a day.

    Attributes
    ----------
    today : DataFrame
        `STATE_COLUMNS` of the day.
    past : DataFrame
        Resolved ones within the policy's memory, as they stood before the day.
    feedback : DataFrame
        All that was said by the day.
    """

    today: pd.DataFrame
    past: pd.DataFrame
    feedback: pd.DataFrame


def fates(comparisons: pd.DataFrame, alerts: AlertDays, policy: AlertPolicy, as_of: date) -> pd.DataFrame:
    """Add to the comparisons that open what became of them, `FATE_COLUMNS`; None (NaN) where nothing opens.

    Parameters
    ----------
    comparisons : DataFrame
        Of `models.risk.why.comparisons`.
    """
    opening = comparisons[comparisons["outcome"] == OPENS].sort_values("rank", ascending=False)
    opening = opening.drop_duplicates("key")[["key", "rank", "root_leg"]]
    opening[["leg", "merchant_id"]] = _parts_of(opening["key"])
    found = [_standing(opening, alerts.today)]
    found.append(_quiet(_rest(opening, found), alerts, policy, as_of))  # under what is silent nothing is folded
    found.append(_folded(_rest(opening, found), alerts.today))
    found.append(_rest(opening, found)[["key"]].assign(fate="unexplained"))
    became = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    became = became.reindex(columns=["key", *FATE_COLUMNS]).drop_duplicates("key")
    opens = comparisons["outcome"] == OPENS
    merged = comparisons[["key"]].where(opens).merge(became, on="key", how="left")
    merged.index = comparisons.index
    return comparisons.assign(**{name: merged[name] for name in FATE_COLUMNS})


def _parts_of(keys: pd.Series) -> pd.DataFrame:
    """Leg and merchant of keys; a merchant's own name may hold a slash."""
    parts = keys.astype(str).str.split("/", n=2)
    return pd.DataFrame({"leg": parts.str[0], "merchant_id": parts.str[2]}, index=keys.index).astype(object)


def _rest(opening: pd.DataFrame, found: list[pd.DataFrame]) -> pd.DataFrame:
    return opening[~opening["key"].isin(pd.concat([part["key"] for part in found]))]


def _standing(opening: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    own = today[today["key"].isin(opening["key"])]
    fate = np.select(
        [own["event"] == "opened", own["event"] == "reopened", own["status"] == "resolved"],
        ["opened", "reopened", "closed"],
        default="holds",
    )
    return own[["key", "alert_id"]].assign(fate=fate)


def _folded(opening: pd.DataFrame, today: pd.DataFrame) -> pd.DataFrame:
    standing = today[today["status"] != "resolved"]
    _, under = fold(opening, standing)
    anchors = standing.drop_duplicates("leg").set_index("leg")["alert_id"]
    keys = opening.loc[under.index, "key"]
    return pd.DataFrame({"key": keys, "alert_id": under["root_leg"].map(anchors), "fate": "folded"})


def _quiet(opening: pd.DataFrame, alerts: AlertDays, policy: AlertPolicy, as_of: date) -> pd.DataFrame:
    latest = latest_resolved(alerts.past, alerts.feedback)
    silent = quieted(opening, latest[latest["key"].isin(opening["key"])], policy, as_of)
    return silent.assign(fate="quiet_" + silent["reason"].astype(object))[["key", *FATE_COLUMNS]]


def way_to_green(alert: pd.Series, evidence: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    """What must be calm, and for how long, before an alert resolves by itself.

    Parameters
    ----------
    alert : Series
        `STATE_COLUMNS` of the alert on the day.
    evidence : DataFrame
        Of `models.risk.why.evidence_of`, the same day.

    Returns
    -------
    DataFrame
        door, metric, observed, level, threshold, calm_below (of the level), known, calm: a row per door and metric of
        its key. All that is known must be calm for `resolve_after_calm_days` in a row; a day without one says nothing.
    """
    own = evidence[evidence["key"] == alert["key"]]
    share = policy.lifecycle.calm_share_of_threshold
    rows = own.assign(calm_below=own["threshold"] * share).sort_values(["known", "calm", "door", "metric"],
                                                                       ascending=[False, True, True, True])  # fmt: skip
    columns = ["door", "metric", "observed", "level", "threshold", "calm_below", "known", "calm"]
    return rows.drop_duplicates(["door", "metric"])[columns].reset_index(drop=True)
