"""What a day says about every trouble: the evidence that comes through the three doors.

The idea: each door gives rows of one shape (key, level against its threshold, opens, calm, known), so that the
lifecycle need not know where an alert came from. A key is leg, metric family and merchant, never severity: an alert
that becomes graver stays the same alert.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.risk.alert_policy import AlertPolicy
from models.risk.anomaly_door import anomaly_evidence
from models.risk.evidence import DayTables, evidence_rows


def collect_evidence(tables: DayTables, live: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    """Evidence of a day, one row per key, door and metric.

    Parameters
    ----------
    live : DataFrame
        Alerts that are not resolved, as of the day before: what happened to them is asked even where nothing opens.
    """
    parts = [
        limit_evidence(tables.signals, policy),
        breach_evidence(tables.signals, policy),
        stock_evidence(tables.stock, tables.signals, policy),
        anomaly_evidence(tables, live, policy),
    ]
    evidence = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    money = tables.risk.set_index("merchant_id")["money_at_risk"]
    evidence["money_at_risk"] = evidence["money_at_risk"].fillna(evidence["merchant_id"].map(money).astype(float))
    stale = stale_legs(tables.legs)
    muted = pd.MultiIndex.from_frame(evidence[["merchant_id", "leg"]]).isin(pd.MultiIndex.from_frame(stale))
    # A stale feed says nothing, neither good nor bad: its alerts stand still and none opens.
    evidence.loc[muted, ["known", "opens", "calm"]] = False
    return evidence


def stale_legs(legs: pd.DataFrame) -> pd.DataFrame:
    """Merchants and legs whose feed is stale."""
    return legs.loc[legs["reason"].str.startswith("stale:").isin([True]), ["merchant_id", "leg"]]


def limit_evidence(signals: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    """Red on a limit; calm when it is back inside, or the probability has fallen far below the threshold."""
    door = policy.doors.limit
    found = signals[signals["kind"].isin(door.kinds) & ~signals["metric"].isin(door.never)]
    red, known = (found["light"] == "red").to_numpy(), (found["light"] != "grey").to_numpy()
    probability = found["probability_over_limit"].to_numpy(float)
    level = np.where(np.isnan(probability), red.astype(float), probability)
    far_below = level < door.threshold * policy.lifecycle.calm_share_of_threshold
    calm = known & ~red & (far_below | found["light"].isin(["green", "star"]).to_numpy() | _back_inside(found))
    return evidence_rows(
        found,
        policy,
        door="limit",
        level=level,
        threshold=door.threshold,
        known=known,
        opens=red,
        calm=calm,
        days_to_harm=0.0,
    )


def _back_inside(signals: pd.DataFrame) -> np.ndarray:
    """Whether the observed value is on the good side of the red limit."""
    observed, red = (signals[column].to_numpy(float) for column in ("observed", "limit_red"))
    higher = (signals["better"] == "higher").to_numpy(bool)
    inside: np.ndarray = np.where(higher, observed > red, observed < red)
    return inside


def breach_evidence(signals: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    """Probably over a limit within 14 days; a light that is red already belongs to the limit door."""
    limit = policy.doors.limit
    usable = signals["kind"].isin(limit.kinds) & ~signals["metric"].isin(limit.never) & (signals["light"] != "red")
    found = signals[usable & signals["breach_probability"].notna()]
    known = (found["light"] != "grey").to_numpy()
    level = found["breach_probability"].to_numpy(float)
    days_to_breach = found["days_to_breach"].to_numpy(float)
    may_open = known & risen(found, policy)
    return _projection_rows(found, policy, level, policy.doors.projection.threshold, may_open, known, days_to_breach)


def risen(signals: pd.DataFrame, policy: AlertPolicy) -> np.ndarray:
    """Whether more than a window's chance says that the rate is on its way: it surely rose, or is over by now.

    A rate just under its limit is always likely to cross it on one of fourteen days, and next to never stays there.
    """
    asked = policy.doors.projection.evidence
    if asked is None:
        return np.ones(len(signals), dtype=bool)
    surprise, over = (signals[name].to_numpy(float) for name in ("p_value", "probability_over_limit"))
    risen: np.ndarray = (surprise <= asked.p_value) | (over >= asked.over_now)
    return risen


def stock_evidence(stock: pd.DataFrame, signals: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    """Stock that runs out before the next possible receipt; the value shown is that of the metric it is told under."""
    door = policy.doors.projection
    level = stock["level"].to_numpy(float)
    known = ~np.isnan(level)
    shown = signals[signals["metric"] == door.stock_out.metric].drop_duplicates("merchant_id")
    found = stock.assign(metric=door.stock_out.metric, leg=door.stock_out.leg).merge(
        shown[["merchant_id", "observed", "expected", "since"]], on="merchant_id", how="left"
    )
    days_to_harm = stock["days_to_harm"].to_numpy(float)
    return _projection_rows(found, policy, level, door.stock_threshold, known, known, days_to_harm)


def _projection_rows(
    found: pd.DataFrame,
    policy: AlertPolicy,
    level: np.ndarray,
    threshold: float,
    may_open: np.ndarray,
    known: np.ndarray,
    days_to_harm: np.ndarray,
) -> pd.DataFrame:
    """Rows of the projection door: what opens an alert by a threshold is calm by a share of the same."""
    return evidence_rows(
        found,
        policy,
        door="projection",
        level=level,
        threshold=threshold,
        known=known,
        opens=may_open & (level >= threshold),
        calm=known & (level < threshold * policy.lifecycle.calm_share_of_threshold),
        days_to_harm=days_to_harm,
    )
