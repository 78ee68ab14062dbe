"""Alerts and episodes held against each other once; every figure is then a matter of counting rows.

The idea: an alert is right, or not; an episode is found by its hits, or not. A unit is one episode of one merchant, or
one episode of a group, which counts once. What opens on the first days of a backtest is the backlog of all that was
wrong before: it may find an episode, but is no evidence of how many alerts a day brings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.evaluation.matching import match_alerts, match_incidents, prepare_episodes, seen_from, within_days
from models.evaluation.openings import alert_appearances, alert_openings, incident_appearances
from models.evaluation.policy import EvaluationPolicy

UNIT = ["episode_id", "unit"]
INCIDENT = "incident"  # stands where a door stands, for a group episode that an incident found


@dataclass(frozen=True)
class JudgedDays:
    """Days that were navigated, and how many merchants on each: the exposure of every rate.

    Parameters
    ----------
    merchants : Series of int
        Merchants of each day, by day.
    burn_in_days : int
        First days whose openings are a backlog.
    """

    merchants: pd.Series[int]
    burn_in_days: int = 0

    def __post_init__(self) -> None:
        if self.merchants.sum() <= 0:
            raise ValueError("nothing was navigated: give the number of merchants of each day")

    @property
    def first_on(self) -> pd.Timestamp:
        """First navigated day."""
        return pd.Timestamp(self.merchants.index.min())

    @property
    def last_on(self) -> pd.Timestamp:
        """Last navigated day."""
        return pd.Timestamp(self.merchants.index.max())

    @property
    def settled_on(self) -> pd.Timestamp:
        """First day after the backlog."""
        return self.first_on + pd.Timedelta(days=self.burn_in_days)

    @property
    def merchant_days(self) -> int:
        """Merchants summed over all days."""
        return int(self.merchants.sum())

    @property
    def settled_merchant_days(self) -> int:
        """The same over the days after the backlog."""
        return int(self.merchants[self.merchants.index >= self.settled_on].sum())


@dataclass(frozen=True)
class Judged:
    """What came of a backtest.

    Parameters
    ----------
    days : JudgedDays
    openings : DataFrame
        A row per alert, with `right`, `backlog` and `families` (frozenset of the families it belongs to).
    units : DataFrame
        A row per unit, numbered by its index: `episode_id`, `unit` (merchant, empty for a group), `family`, `benign`,
        `background`, `slow`, `root_leg`, `harm_on`, `members`, `began_inside` (its onset lies in the days
        judged), `mature` (it had its time to be found), `by_chance` (how likely a false alert on its legs was to open
        in its days anyhow).
    hits : DataFrame
        A row per unit (`number`) and alert or incident that belongs to it, oldest first: `merchant_id`, `opened_on`,
        `leg`, `named_root`, `metric`, `opened_by`, `of_group`. Of benign units only hits that nothing else explains.
    """

    days: JudgedDays
    openings: pd.DataFrame
    units: pd.DataFrame
    hits: pd.DataFrame
    found_share: float

    def found(self, hits: pd.DataFrame | None = None) -> pd.DataFrame:
        """Units with `found`, and with `lead_days` and `root_right` of their first hit.

        `root_right` asks where the alert said that the trouble began, not where it showed.

        Parameters
        ----------
        hits : DataFrame, optional
            Some of `hits`, such as those of one door; all by default.
        """
        first = self._first(self.hits if hits is None else hits).reindex(self.units.index)
        joined = self.units.assign(opened_on=first["opened_on"], leg=first["leg"], named_root=first["named_root"])
        joined["found"] = joined["opened_on"].notna()
        lead = (joined["harm_on"] - joined["opened_on"]).dt.days
        joined["lead_days"] = lead.where(joined["began_inside"])
        joined["root_right"] = (joined["named_root"] == joined["root_leg"]).where(joined["found"])
        return joined

    def _first(self, hits: pd.DataFrame) -> pd.DataFrame:
        """First hit of each unit; a group is found by its incident, or when enough of its members were alerted."""
        by_member = hits[hits["of_group"] & (hits["opened_by"] != INCIDENT)]
        alerted = by_member.drop_duplicates(["number", "merchant_id"])["number"].value_counts()
        enough = alerted[alerted >= self.units["members"].reindex(alerted.index) * self.found_share].index
        counts = ~hits["of_group"] | (hits["opened_by"] == INCIDENT) | hits["number"].isin(enough)
        return hits[counts].drop_duplicates("number", keep="first").set_index("number")


def judge_alerts(
    alerts: pd.DataFrame, incidents: pd.DataFrame, episodes: pd.DataFrame, days: JudgedDays, policy: EvaluationPolicy
) -> Judged:
    """Hold the alerts and incidents of a backtest against the truth.

    Parameters
    ----------
    alerts, incidents, episodes
        Tables of contracts.md; the first two over the days of a backtest. Episodes that were over before the first
        day, or could not be seen by the last, are left out.
    """
    truth = within_days(prepare_episodes(episodes, policy), days.first_on, days.last_on)
    openings = alert_openings(alerts)
    pairs = match_alerts(openings, truth, policy)
    echo = pairs["scope"].isin(policy.echo_scopes) & pairs["incident_id"].isna()
    right = pairs[~pairs["benign"] & ~echo]
    openings["right"] = openings["alert_id"].isin(right["alert_id"])
    openings["backlog"] = openings["opened_on"] < days.settled_on
    families = pairs.groupby("alert_id")["family"].agg(frozenset)
    openings["families"] = [families.get(alert, frozenset()) for alert in openings["alert_id"]]
    appeared = match_alerts(alert_appearances(alerts), truth, policy)
    by_incident = match_incidents(incident_appearances(incidents), truth, policy)
    # Whoever is told of one category does not know that the whole platform is down.
    by_incident = by_incident[by_incident["named"]]
    units = _units(truth, days, policy)
    units["by_chance"] = _by_chance(units, openings, set(truth.loc[truth["benign"], "family"]), days, policy)
    return Judged(days, openings, units, _hits(appeared, by_incident, units), policy.group_found_share)


def _units(truth: pd.DataFrame, days: JudgedDays, policy: EvaluationPolicy) -> pd.DataFrame:
    truth = truth.assign(unit=truth["merchant_id"].mask(truth["is_group"], ""))
    slow = truth["ramp_days"].fillna(0) > 0 if "ramp_days" in truth else False
    mature = _mature(truth, days, policy)
    truth = truth.assign(slow=slow, mature=mature, began_inside=truth["onset_on"] >= days.first_on)
    first = ("family", "benign", "slow", "mature", "root_leg", "harm_on", "began_inside", "is_group", "onset_on",
             "last_on")  # fmt: skip
    units = truth.groupby(UNIT, as_index=False).agg(
        members=("merchant_id", "nunique"), **{name: (name, "first") for name in first}
    )
    return units.assign(background=units["family"].isin(policy.background_families))


def _mature(truth: pd.DataFrame, days: JudgedDays, policy: EvaluationPolicy) -> pd.Series[bool]:
    """Episodes that had their time to be found, whether they were or not."""
    seen_for = (days.last_on - seen_from(truth)).dt.days + 1
    return (seen_for >= policy.mature_days) | (truth["last_on"] < days.last_on)


def _by_chance(
    units: pd.DataFrame, openings: pd.DataFrame, benign: set[str], days: JudgedDays, policy: EvaluationPolicy
) -> pd.Series[float]:
    """Chance of a false alert on the unit's legs within its days, at the rate of those that no benign twin explains."""
    false = openings[~openings["right"] & ~openings["backlog"]]
    alone = np.array([benign.isdisjoint(known) for known in false["families"]], dtype=bool)
    of_leg = false.loc[alone, "leg"].value_counts() / max(days.settled_merchant_days, 1)
    troubles = units[["root_leg", "family"]].drop_duplicates().itertuples(index=False, name=None)
    rates = {
        (root, family): float(of_leg.reindex(list(policy.chain(root, family))).fillna(0.0).sum())
        for root, family in troubles
    }
    first = units["onset_on"].where(units["onset_on"] > days.settled_on, days.settled_on)
    last = units["last_on"].where(units["last_on"] < days.last_on, days.last_on)
    length = ((last - first).dt.days + 1).clip(lower=0)
    rate = pd.Series([rates[key] for key in zip(units["root_leg"], units["family"], strict=True)], index=units.index)
    return pd.Series(1.0 - np.exp(-rate.astype(float) * length), index=units.index)


def _hits(appeared: pd.DataFrame, by_incident: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    real = appeared.loc[~appeared["benign"], ["alert_id", "opened_on"]]
    explained = pd.MultiIndex.from_frame(appeared[["alert_id", "opened_on"]]).isin(pd.MultiIndex.from_frame(real))
    hits = appeared[~(appeared["benign"] & explained)]
    hits = hits.assign(unit=hits["merchant_id"].mask(hits["is_group"], ""), of_group=hits["is_group"])
    by_incident = by_incident.assign(
        named_root=by_incident["leg"], unit="", merchant_id="", metric="", opened_by=INCIDENT, of_group=True
    )
    columns = [*UNIT, "merchant_id", "opened_on", "leg", "named_root", "metric", "opened_by", "of_group"]
    parts = [part[columns] for part in (by_incident, hits) if len(part)]
    both = pd.concat(parts, ignore_index=True) if parts else hits[columns]
    numbered = both.merge(units[UNIT].reset_index(names="number"), on=UNIT)
    return numbered.sort_values("opened_on", kind="stable").astype({"of_group": bool})
