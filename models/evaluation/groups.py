"""One incident instead of an alert per member: how well that worked for each group episode.

The idea: a member is spared when it got no alert of its own, or one that hangs on the incident; the share of members
spared is what on-call staff feel.
"""

from __future__ import annotations

import pandas as pd

from models.evaluation.matching import match_alerts, match_incidents, prepare_episodes, within_days
from models.evaluation.openings import alert_openings, incident_openings
from models.evaluation.policy import EvaluationPolicy


def evaluate_groups(
    alerts: pd.DataFrame,
    incidents: pd.DataFrame,
    episodes: pd.DataFrame,
    policy: EvaluationPolicy,
    first_on: pd.Timestamp | None = None,
    last_on: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Score incidents against group episodes that touch the days from `first_on` to `last_on` (None: all).

    Returns
    -------
    DataFrame
        A row per group episode: `episode_id`, `family`, `scope`, `scope_value`, `members`, `incidents` opened for it,
        `first_incident_on`, `days_to_incident` (from the first observable day), `members_alerted` (alerted by
        themselves, outside any incident), `suppressed_share` (members spared).
    """
    truth = within_days(prepare_episodes(episodes, policy), first_on, last_on)
    truth = truth[truth["is_group"] & ~truth["benign"].astype(bool)]
    matched = match_incidents(incident_openings(incidents), truth, policy)
    pairs = match_alerts(alert_openings(alerts), truth, policy)
    alone = pairs[pairs["incident_id"].isna()]
    table = truth.groupby("episode_id", as_index=False).agg(
        family=("family", "first"),
        scope=("scope", "first"),
        scope_value=("scope_value", "first"),
        first_observable_on=("first_observable_on", "min"),
        members=("merchant_id", "nunique"),
    )
    keyed = table["episode_id"]
    table["incidents"] = keyed.map(matched.groupby("episode_id")["incident_id"].nunique()).fillna(0).astype(int)
    table["first_incident_on"] = matched.groupby("episode_id")["opened_on"].min().reindex(keyed).to_numpy()
    table["days_to_incident"] = (table["first_incident_on"] - table["first_observable_on"]).dt.days
    table["members_alerted"] = keyed.map(alone.groupby("episode_id")["merchant_id"].nunique()).fillna(0).astype(int)
    table["suppressed_share"] = 1 - table["members_alerted"] / table["members"]
    return table.drop(columns="first_observable_on")
