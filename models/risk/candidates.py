"""What a day says about every trouble: the evidence that comes through the three doors.

The idea: each door gives rows of one shape (key, level against its threshold, opens, calm, known), so that the
lifecycle need not know where an alert came from. A key is leg, metric family and merchant, never severity: an alert
that becomes graver stays the same alert.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from models.risk.alert_policy import AlertPolicy

EVIDENCE_COLUMNS = (
    "key",
    "merchant_id",
    "leg",
    "family",
    "metric",
    "door",
    "level",
    "threshold",
    "known",
    "opens",
    "calm",
    "observed",
    "expected",
    "days_to_harm",
    "money_at_risk",
    "since",
)
SIGNAL_COLUMNS = (
    "merchant_id",
    "metric",
    "window",
    "leg",
    "kind",
    "observed",
    "expected",
    "limit_amber",
    "limit_red",
    "probability_over_limit",
    "p_value",
    "days_to_breach",
    "breach_probability",
    "money_at_risk",
    "light",
    "since",
    "better",
)
SMALLEST_P = 1e-300  # a p-value of 0 would be an infinite level


def no_roots() -> pd.DataFrame:
    """No leg's trouble began elsewhere."""
    return pd.DataFrame({"merchant_id": [], "leg": [], "root_leg": []}, dtype=object)


@dataclass(frozen=True)
class DayTables:
    """What the lifecycle reads of a day.

    Attributes
    ----------
    as_of : date
        The day.
    signals : DataFrame
        `SIGNAL_COLUMNS` of the rows of `metric_signals` that are red, on the way to a breach, or of merchants with an
        open alert or a flag.
    stock : DataFrame
        merchant_id, level (probability that the policy's share of the forecast runs out before it can be replaced),
        days_to_harm, money_at_risk.
    legs : DataFrame
        merchant_id, leg, p_value, reason of `leg_status`.
    risk : DataFrame
        merchant_id, flagged, p_value_leg, lasting_leg, money_at_risk of `merchant_risk`.
    roots : DataFrame
        merchant_id, leg, root_leg of legs whose trouble began on another one.
    """

    as_of: date
    signals: pd.DataFrame
    stock: pd.DataFrame
    legs: pd.DataFrame
    risk: pd.DataFrame
    roots: pd.DataFrame = field(default_factory=no_roots)


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
    return _rows(
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
    return _rows(
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


def anomaly_evidence(tables: DayTables, live: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    """Flagged merchants under the metric of their smallest leg p, and how open anomalies stand today.

    Levels are -log10 p of the leg. The threshold is that of the mildest merchant whose leg passed the day's control; a
    merchant that passed by the oddness of its whole pattern, or by a leg that has stood out for days, has its own,
    milder one.
    """
    opening = _named_by_smallest_p(_flagged_legs(tables), tables.signals, policy)
    level = _level(opening["p_value"])
    by_leg = level[((opening["p_value_leg"] == opening["leg"]) & opening["lasting_leg"].isna()).to_numpy(bool)]
    threshold = np.minimum(level, by_leg.min()) if len(by_leg) else level
    new = _rows(
        opening,
        policy,
        door="anomaly",
        level=level,
        threshold=threshold,
        known=True,
        opens=True,
        calm=False,
        days_to_harm=0.0,
    )
    new = _apart_from_old_limits(new, live, tables.as_of, policy)
    standing = _standing_anomalies(live, new["key"], tables, policy)
    return pd.concat([new, standing], ignore_index=True) if len(standing) else new


def _flagged_legs(tables: DayTables) -> pd.DataFrame:
    """Leg of each flagged merchant: the one that has lasted where that is why, else the one with the smallest p."""
    legs = tables.legs[tables.legs["p_value"].notna()]
    flagged = tables.risk.loc[tables.risk["flagged"].isin([True]), ["merchant_id", "p_value_leg", "lasting_leg"]]
    found = flagged.merge(legs, on="merchant_id")
    found = found[found["lasting_leg"].isna() | (found["lasting_leg"] == found["leg"])]
    return found.sort_values(["p_value", "leg"]).drop_duplicates("merchant_id")


def _apart_from_old_limits(new: pd.DataFrame, live: pd.DataFrame, as_of: date, policy: AlertPolicy) -> pd.DataFrame:
    """Surprises with a key of their metric alone where another metric of their family has long been over its limit.

    Who has been told for weeks that parcels leave late has heard nothing of tracking numbers that turn false today. An
    alert that opened so keeps its key after the old one is resolved.
    """
    long_ago = pd.Timestamp(as_of) - pd.Timedelta(days=policy.lifecycle.apart_from_limit_days)
    old = live[(live["opened_by"] == "limit") & (pd.to_datetime(live["opened_on"]) <= long_ago)]
    stands_for = new["key"].map(old.drop_duplicates("key").set_index("key")["metric"])
    own_key = new["leg"] + "/" + new["metric"] + "/" + new["merchant_id"]
    apart = (stands_for.notna() & (stands_for != new["metric"])) | own_key.isin(live["key"])
    return new.assign(family=new["family"].mask(apart, new["metric"]), key=new["key"].mask(apart, own_key))


def _named_by_smallest_p(worst: pd.DataFrame, signals: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    usable = signals[signals["p_value"].notna() & ~signals["metric"].isin(policy.doors.anomaly.never)]
    columns = ["merchant_id", "leg", "metric", "observed", "expected", "since", "money_at_risk"]
    first = usable.sort_values(["p_value", "metric", "window"]).drop_duplicates(["merchant_id", "leg"])[columns]
    named = worst.merge(first, on=["merchant_id", "leg"], how="left")
    return named.assign(metric=named["metric"].fillna(named["leg"] + ".anomaly"))


def _standing_anomalies(
    live: pd.DataFrame, opening_keys: Iterable[str], tables: DayTables, policy: AlertPolicy
) -> pd.DataFrame:
    standing = live[(live["opened_by"] == "anomaly") & ~live["key"].isin(list(opening_keys))]
    leg_of = tables.signals.drop_duplicates("metric").set_index("metric")["leg"]
    own_leg = standing["metric"].map(leg_of).astype(object).fillna(standing["leg"])
    p_values = tables.legs.drop_duplicates(["merchant_id", "leg"]).set_index(["merchant_id", "leg"])["p_value"]
    p_value = p_values.reindex(pd.MultiIndex.from_arrays([standing["merchant_id"], own_leg])).to_numpy(float)
    newest = tables.signals.sort_values(["metric", "window"]).drop_duplicates(["merchant_id", "metric"])
    columns = ["merchant_id", "metric", "observed", "expected", "money_at_risk"]
    found = standing[["merchant_id", "leg", "metric", "threshold"]].assign(since=np.datetime64("NaT"))
    found = found.merge(newest[columns], on=["merchant_id", "metric"], how="left")
    threshold, level = found["threshold"].to_numpy(float), _level(p_value)
    rows = _rows(
        found,
        policy,
        door="anomaly",
        level=level,
        threshold=threshold,
        known=~np.isnan(level),
        opens=False,
        calm=level < threshold * policy.lifecycle.calm_share_of_threshold,
        days_to_harm=0.0,
    )
    return rows.assign(key=standing["key"].to_numpy(dtype=object))


def _level(p_value: pd.Series | np.ndarray) -> np.ndarray:
    level: np.ndarray = -np.log10(np.maximum(np.asarray(p_value, dtype=float), SMALLEST_P))
    return level


def _rows(found: pd.DataFrame, policy: AlertPolicy, **values: object) -> pd.DataFrame:
    """Bring rows of a door to the common shape; the family decides the root leg."""
    metric = found["metric"].astype(object)
    columns: dict[str, object] = {
        "merchant_id": found["merchant_id"].astype(object),
        "metric": metric,
        "leg": metric.map(policy.leg_of_metric).astype(object).fillna(found["leg"].astype(object)),
        "family": metric.map(policy.family_of_metric).astype(object).fillna(metric),
        "observed": found["observed"].astype(float),
        "expected": found["expected"].astype(float),
        "money_at_risk": found["money_at_risk"].astype(float),
        "since": found["since"].astype("datetime64[s]"),
        **values,
    }
    rows = pd.DataFrame(columns, index=found.index).reset_index(drop=True)
    rows["key"] = rows["leg"] + "/" + rows["family"] + "/" + rows["merchant_id"]
    flags = ["known", "opens", "calm"]
    rows[flags] = rows[flags].astype(bool)
    return rows[list(EVIDENCE_COLUMNS)]
