"""Why an alert opened, and why it did not: every comparison that a day made for one merchant, door by door.

The idea: nothing is decided here. The rows come from the functions that the lifecycle itself asks (`candidates`), so an
explanation cannot drift from what happened; added are the rows that never became evidence, with the reason, and for the
anomaly door the p-value that would have been needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.risk import candidates
from models.risk.alert_policy import AlertPolicy
from models.risk.anomaly_door import anomaly_evidence
from models.risk.evidence import DayTables
from models.risk.folding import with_root_leg
from models.risk.merchant_control import MerchantControl
from models.risk.severity import severities

COMPARISON_COLUMNS = (
    "leg",
    "door",
    "metric",
    "window",
    "outcome",
    "level",
    "threshold",
    "key",
    "rank",
    "root_leg",
)
OPENS = "opens"
# Why a comparison opened nothing, by what was found first.
OUTCOMES = (
    OPENS,
    "stale",  # the leg's feed is stale, so nothing is said of it
    "excluded",  # by policy this metric, or its kind, never opens through this door
    "red_already",  # the limit door has it
    "grey",  # too few cases, or no data
    "nothing_to_compare",  # no projection, no p-value, no stock plan
    "other_leg",  # the merchant is flagged, and its anomaly is named after another leg
    "not_risen",  # a breach is probable by the window's chance alone
    "below",  # compared, and not enough
)


def comparisons(
    tables: DayTables, live: pd.DataFrame, merchant_id: str, control: MerchantControl, policy: AlertPolicy
) -> pd.DataFrame:
    """Every comparison of a merchant's day, `COMPARISON_COLUMNS`, by leg, metric, window and door.

    Parameters
    ----------
    tables : DayTables
        What the lifecycle read of the day, with every signal and leg of the merchant.
    live : DataFrame
        Alerts that were not resolved on the day before.

    Returns
    -------
    DataFrame
        `leg` is where the metric is measured, `key` what an alert of it would be called; `level` is held against
        `threshold`: probabilities, or for anomalies p-values (there the smaller opens). `outcome` is one of `OUTCOMES`,
        `rank` the severity it would have, NaN where nothing is known.
    """
    signals = tables.signals[tables.signals["merchant_id"] == merchant_id].reset_index(drop=True)
    stock = tables.stock[tables.stock["merchant_id"] == merchant_id].reset_index(drop=True)
    parts = [
        _limit(signals, policy),
        _breach(signals, policy),
        _stock(stock, signals, policy),
        _anomaly(tables, live, merchant_id, control, policy),
    ]
    found = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    found = _as_it_counted(found, evidence_of(tables, live, merchant_id, policy))
    return found.sort_values(["leg", "metric", "window", "door"], ignore_index=True)[list(COMPARISON_COLUMNS)]


def evidence_of(tables: DayTables, live: pd.DataFrame, merchant_id: str, policy: AlertPolicy) -> pd.DataFrame:
    """What the lifecycle weighs of a merchant: `evidence.EVIDENCE_COLUMNS`, root_leg and rank of the severity."""
    evidence = with_root_leg(candidates.collect_evidence(tables, live, policy), tables.roots, policy.own_roots)
    evidence["rank"] = severities(evidence, policy.severity).astype(float)
    return evidence[evidence["merchant_id"] == merchant_id].reset_index(drop=True)


def _limit(signals: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    evidence = _by_row(candidates.limit_evidence(_tagged(signals), policy), len(signals))
    grey = (signals["light"] == "grey").to_numpy(bool)
    return _rows(signals, evidence, "limit", [(grey, "grey")], policy.doors.limit.threshold)


def _breach(signals: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    evidence = _by_row(candidates.breach_evidence(_tagged(signals), policy), len(signals))
    limit = policy.doors.limit
    usable = (signals["kind"].isin(limit.kinds) & ~signals["metric"].isin(limit.never)).to_numpy(bool)
    why = [
        (~usable, "excluded"),
        ((signals["light"] == "grey").to_numpy(bool), "grey"),
        (signals["breach_probability"].isna().to_numpy(bool), "nothing_to_compare"),
        ((signals["light"] == "red").to_numpy(bool), "red_already"),
        (_probable(signals, policy) & ~candidates.risen(signals, policy), "not_risen"),
    ]
    return _rows(signals, evidence, "projection", why, policy.doors.projection.threshold)


def _probable(signals: pd.DataFrame, policy: AlertPolicy) -> npt.NDArray[np.bool_]:
    probable: npt.NDArray[np.bool_] = signals["breach_probability"].to_numpy(float) >= policy.doors.projection.threshold
    return probable


def _stock(stock: pd.DataFrame, signals: pd.DataFrame, policy: AlertPolicy) -> pd.DataFrame:
    out = policy.doors.projection.stock_out
    evidence = _by_row(candidates.stock_evidence(stock.assign(merchant_id="0"), signals, policy), 1)
    told = pd.DataFrame({"leg": [out.leg], "metric": [out.metric], "window": ["stock plan"]})
    unknown = evidence["level"].isna().to_numpy(bool)
    return _rows(
        told, evidence, "projection", [(unknown, "nothing_to_compare")], policy.doors.projection.stock_threshold
    )


def _anomaly(
    tables: DayTables, live: pd.DataFrame, merchant_id: str, control: MerchantControl, policy: AlertPolicy
) -> pd.DataFrame:
    """A row per leg: p-values where nothing opens; what opened it is told in p-values too."""
    legs = tables.legs[tables.legs["merchant_id"] == merchant_id].reset_index(drop=True)
    opened = anomaly_evidence(tables, live, policy)
    opened = opened[(opened["merchant_id"] == merchant_id) & opened["opens"]]
    leg_of = tables.signals.drop_duplicates("metric").set_index("metric")["leg"]
    own_leg = opened["metric"].map(leg_of).astype(object).fillna(opened["leg"])
    named = dict(zip(own_leg, opened["metric"], strict=True))
    flagged = tables.risk.loc[tables.risk["merchant_id"] == merchant_id, "flagged"].isin([True]).any()
    p_value = legs["p_value"].to_numpy(float)
    opens = legs["leg"].isin(list(named)).to_numpy(bool)
    outcome = np.select([opens, np.isnan(p_value), np.full(len(legs), flagged)],
                        [OPENS, "nothing_to_compare", "other_leg"], default="below")  # fmt: skip
    return pd.DataFrame(
        {
            "leg": legs["leg"],
            "door": "anomaly",
            "metric": [named.get(leg, f"{leg}.anomaly") for leg in legs["leg"]],
            "window": "leg",
            "outcome": outcome.astype(object),
            "level": np.minimum(p_value * control.legs, 1.0),
            "threshold": [control.needed_on(leg) for leg in legs["leg"]],
        }
    )


def _tagged(signals: pd.DataFrame) -> pd.DataFrame:
    """The same signals with their place for a merchant, so that each row can be found again in the evidence."""
    return signals.assign(merchant_id=[str(place) for place in range(len(signals))])


def _by_row(evidence: pd.DataFrame, count: int) -> pd.DataFrame:
    """Evidence by the place of its row; NaN where the door asked for none."""
    return evidence.set_index(evidence["merchant_id"].astype(int)).reindex(range(count))


def _rows(
    found: pd.DataFrame,
    evidence: pd.DataFrame,
    door: str,
    why: Sequence[tuple[npt.NDArray[np.bool_], str]],
    threshold: float,
) -> pd.DataFrame:
    opens = evidence["opens"].isin([True]).to_numpy(bool)
    asked = evidence["opens"].notna().to_numpy(bool)
    conditions = [opens, *(reason & ~opens for reason, _ in why), ~asked]
    outcome = np.select(conditions, [OPENS, *(name for _, name in why), "excluded"], default="below")
    return pd.DataFrame(
        {
            "leg": found["leg"].astype(object),
            "door": door,
            "metric": found["metric"].astype(object),
            "window": found["window"].astype(object),
            "outcome": outcome.astype(object),
            "level": evidence["level"].to_numpy(float),
            "threshold": threshold,
        }
    )


def _as_it_counted(found: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Add what became of each row when all doors had spoken: its key, and whether a stale feed muted it."""
    columns = ["door", "metric", "key", "opens", "rank", "root_leg"]
    strongest = evidence.sort_values(["opens", "level"], ascending=[False, False], na_position="last")
    counted = strongest.drop_duplicates(["door", "metric"])[columns]
    merged = found.merge(counted, on=["door", "metric"], how="left")
    muted = (merged["outcome"] == OPENS) & merged["opens"].isin([False])
    return merged.assign(outcome=merged["outcome"].mask(muted, "stale"))
