"""One incident instead of an alert per member: how well that worked for each group episode.

The idea: a member is spared when it got no alert of its own, or one that hangs on the incident; the share of members
spared is what on-call staff feel. Alerts that a merchant's own trouble explains are no fault of the group's; and some
alerts would have opened in any week, so the usual number stands beside the one that was counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.evaluation.judged import JudgedDays
from models.evaluation.matching import match_alerts, match_incidents, prepare_episodes, within_days
from models.evaluation.openings import alert_openings, incident_appearances
from models.evaluation.policy import EvaluationPolicy


def evaluate_groups(
    alerts: pd.DataFrame, incidents: pd.DataFrame, episodes: pd.DataFrame, days: JudgedDays, policy: EvaluationPolicy
) -> pd.DataFrame:
    """Score incidents against group episodes that could be seen on the days judged.

    Returns
    -------
    DataFrame
        A row per group episode: `episode_id`, `family`, `scope`, `scope_value`, `members`, `incidents` opened for it
        (echoes included), `first_incident_on` (of one that names the group), `days_to_incident` (from the first
        observable day), `members_alerted` (alerted by themselves, outside any incident and without a trouble of their
        own), `usually_alerted` (members that would be, in as many days of the others), `suppressed_share` (members
        spared) and `suppressed_beyond_usual`.
    """
    every = within_days(prepare_episodes(episodes, policy), days.first_on, days.last_on)
    truth = every[every["is_group"] & ~every["benign"]]
    matched = match_incidents(incident_appearances(incidents), truth, policy)
    openings = alert_openings(alerts)
    alone = _unexplained(openings[openings["incident_id"].isna()], every, policy)
    pairs = match_alerts(alone, truth, policy)
    table = truth.groupby("episode_id", as_index=False).agg(
        family=("family", "first"),
        scope=("scope", "first"),
        scope_value=("scope_value", "first"),
        root_leg=("root_leg", "first"),
        first_observable_on=("first_observable_on", "min"),
        members=("merchant_id", "nunique"),
    )
    keyed = table["episode_id"]
    table["incidents"] = keyed.map(matched.groupby("episode_id")["incident_id"].nunique()).fillna(0).astype(int)
    named = matched[matched["named"]].groupby("episode_id")["opened_on"].min()
    table["first_incident_on"] = named.reindex(keyed).to_numpy()
    table["days_to_incident"] = (table["first_incident_on"] - table["first_observable_on"]).dt.days
    table["members_alerted"] = keyed.map(pairs.groupby("episode_id")["merchant_id"].nunique()).fillna(0).astype(int)
    table["usually_alerted"] = _usually(table, truth, alone, days, policy)
    table["suppressed_share"] = 1 - table["members_alerted"] / table["members"]
    beyond = (table["members_alerted"] - table["usually_alerted"]).clip(lower=0)
    table["suppressed_beyond_usual"] = 1 - beyond / table["members"]
    return table.drop(columns=["first_observable_on", "root_leg"])


def _unexplained(openings: pd.DataFrame, every: pd.DataFrame, policy: EvaluationPolicy) -> pd.DataFrame:
    """Alerts that no trouble of the merchant's own explains."""
    own = match_alerts(openings, every[~every["is_group"] & ~every["benign"]], policy)
    return openings[~openings["alert_id"].isin(own["alert_id"])]


def _usually(
    table: pd.DataFrame, truth: pd.DataFrame, alone: pd.DataFrame, days: JudgedDays, policy: EvaluationPolicy
) -> pd.Series[float]:
    """Members alerted in as many days as the episode has, at the rate of the days outside of it and of the backlog."""
    settled = alone[alone["opened_on"] >= days.settled_on]
    navigated = pd.Series(pd.DatetimeIndex(days.merchants.index))
    navigated = navigated[navigated >= days.settled_on]
    found = []
    for episode, root_leg, family in zip(table["episode_id"], table["root_leg"], table["family"], strict=True):
        rows = truth[truth["episode_id"] == episode]
        first, last = rows["onset_on"].min(), rows["last_on"].max()
        mine = settled[
            settled["merchant_id"].isin(rows["merchant_id"]) & settled["leg"].isin(policy.chain(root_leg, family))
        ]
        outside = int((~mine["opened_on"].between(first, last)).sum())
        inside = int(navigated.between(first, last).sum())
        rate = outside / max((len(navigated) - inside) * len(rows), 1)
        found.append(len(rows) * (1 - np.exp(-rate * inside)))
    return pd.Series(found, index=table.index, dtype=float)
