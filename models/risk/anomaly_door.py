"""The anomaly door: merchants flagged by the control or by what lasts, and how open anomalies stand today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from models.risk.alert_policy import AlertPolicy
from models.risk.evidence import DayTables, evidence_rows

SMALLEST_P = 1e-300  # a p-value of 0 would be an infinite level


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
    new = evidence_rows(
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
    rows = evidence_rows(
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
