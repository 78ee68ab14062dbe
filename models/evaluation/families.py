"""The table that says how good the alerts are, family by family.

The idea: recall, lead and root leg are counted per episode and merchant (a group's episode counts once), precision per
alert. An alert names a leg, not a family, so the precision of a family is that of all alerts on its root legs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.evaluation.matching import match_alerts, match_incidents, prepare_episodes, within_days
from models.evaluation.openings import alert_openings, incident_openings
from models.evaluation.policy import EvaluationPolicy

ALL = "all"
UNIT = ["episode_id", "unit"]


def evaluate_families(
    alerts: pd.DataFrame,
    incidents: pd.DataFrame,
    episodes: pd.DataFrame,
    merchant_days: int,
    policy: EvaluationPolicy,
    first_on: pd.Timestamp | None = None,
    last_on: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Score alerts and incidents against the truth.

    Parameters
    ----------
    alerts, incidents, episodes
        Tables of contracts.md; the first two over the days of a backtest.
    merchant_days
        Merchants times days that were navigated.
    first_on, last_on
        First and last navigated day; an episode that was over before, or began after, is not counted. By default the
        days of `alerts`.

    Returns
    -------
    DataFrame
        A row per family and one for `all` (without benign and background families): `family`, `benign`, `episodes`,
        `found`, `recall`, `alerts`, `true_alerts`, `precision`, `median_lead_days`, `root_leg_right`,
        `per_1000_merchant_days`. Of a benign family `found` counts episodes that opened an alert that nothing else
        explains, and recall and lead are empty. Shares of nothing are NaN.
    """
    if merchant_days <= 0:
        raise ValueError(f"merchant_days is {merchant_days}; count merchants times navigated days")
    days = pd.to_datetime(alerts["as_of"])
    first_on = first_on if first_on is not None else days.min()
    last_on = last_on if last_on is not None else days.max()
    truth = within_days(prepare_episodes(episodes, policy), first_on, last_on)
    openings = alert_openings(alerts)
    pairs = match_alerts(openings, truth, policy)
    counted = openings.assign(true=openings["alert_id"].isin(pairs.loc[~pairs["benign"].astype(bool), "alert_id"]))
    if policy.burn_in_days and first_on is not None:
        counted = counted[counted["opened_on"] >= first_on + pd.Timedelta(days=policy.burn_in_days)]
    units = _units(truth, pairs, match_incidents(incident_openings(incidents), truth, policy), counted, policy)
    rows = [_row(str(family), group, counted, pairs, merchant_days) for family, group in units.groupby("family")]
    headline = units[~units["benign"] & ~units["family"].isin(policy.background_families)]
    return pd.DataFrame([*rows, _row(ALL, headline, counted, pairs, merchant_days)])


def _units(
    truth: pd.DataFrame, pairs: pd.DataFrame, by_incident: pd.DataFrame, counted: pd.DataFrame, policy: EvaluationPolicy
) -> pd.DataFrame:
    """One row per episode and merchant, or per group episode: `found`, `lead_days`, `root_right` of its first hit."""
    truth = truth.assign(benign=truth["benign"].astype(bool))
    truth["unit"] = truth["merchant_id"].mask(truth["is_group"], "")
    size = truth.groupby(UNIT, as_index=False).agg(
        family=("family", "first"), benign=("benign", "first"), root_leg=("root_leg", "first"), members=("unit", "size")
    )
    explained = set(counted.loc[counted["true"], "alert_id"])
    hits = pairs[~(pairs["benign"].astype(bool) & pairs["alert_id"].isin(explained))]
    hits = hits.merge(truth[["episode_id", "merchant_id", "unit", "is_group"]], on=["episode_id", "merchant_id"])
    hit_members = hits.groupby(UNIT)["merchant_id"].nunique()
    enough = size.set_index(UNIT)["members"] * policy.group_found_share
    found_alone = hit_members[hit_members >= enough.reindex(hit_members.index)].index
    hits = hits[hits["unit"].ne("") | pd.MultiIndex.from_frame(hits[UNIT]).isin(found_alone)]
    first = pd.concat([hits, by_incident.assign(unit="")]).sort_values("opened_on", kind="stable")
    first = first.drop_duplicates(UNIT, keep="first")
    joined = size.merge(first[[*UNIT, "opened_on", "leg", "harm_on"]], on=UNIT, how="left")
    joined["found"] = joined["opened_on"].notna()
    joined["lead_days"] = (joined["harm_on"] - joined["opened_on"]).dt.days
    joined["root_right"] = (joined["leg"] == joined["root_leg"]).where(joined["found"])
    return joined


def _row(
    family: str, units: pd.DataFrame, counted: pd.DataFrame, pairs: pd.DataFrame, merchant_days: int
) -> dict[str, object]:
    benign = bool(units["benign"].all()) if len(units) else False
    if family == ALL:
        on_legs, opened = counted, counted
    else:
        on_legs = counted[counted["leg"].isin(units["root_leg"].unique())]
        opened = counted[counted["alert_id"].isin(pairs.loc[pairs["family"] == family, "alert_id"])]
    found = int(units["found"].sum())
    return {
        "family": family,
        "benign": benign,
        "episodes": len(units),
        "found": found,
        "recall": np.nan if benign or not len(units) else found / len(units),
        "alerts": len(opened),
        "true_alerts": int(opened["true"].sum()),
        "precision": float(on_legs["true"].mean()) if len(on_legs) else np.nan,
        "median_lead_days": np.nan if benign else float(units["lead_days"].astype(float).median()),
        "root_leg_right": np.nan if benign else float(units["root_right"].astype(float).mean()),
        "per_1000_merchant_days": len(opened) / merchant_days * 1000,
    }
