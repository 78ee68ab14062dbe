"""An incident takes in the alerts of its members, so that one trouble is told once.

The idea: an alert belongs to an open incident of its leg when its merchant is in the incident's group and the alert
opened with it or shortly before. Older alerts have their own story and keep it.
"""

from __future__ import annotations

import pandas as pd

from models.risk.alert_policy import IncidentPolicy
from models.risk.crowds import CROWD

WHOLE = "platform"
# Scopes that are a column of merchants; a stale feed mutes its legs instead.
GROUPED_SCOPES = ("category", "region", "carrier", "warehouse")


def incident_of_alerts(
    alerts: pd.DataFrame,
    incidents: pd.DataFrame,
    merchants: pd.DataFrame,
    policy: IncidentPolicy,
    crowd: pd.DataFrame | None = None,
) -> pd.Series:
    """Incident of each alert, None where it has none; the one with the smallest p-value where several fit.

    Parameters
    ----------
    alerts : DataFrame
        alert_id, merchant_id, leg, opened_on.
    incidents : DataFrame
        Open incidents of the day, a row per leg that they move: incident_id, scope, group, leg, p_value, opened_on.
    merchants : DataFrame
        merchant_id, and a column per grouped scope.
    crowd : DataFrame, optional
        merchant_id and leg of who was far out while the open crowd lasted: a crowd has no name to be known by.

    Returns
    -------
    Series of str or None, on the index of `alerts`
    """
    known = incidents.rename(columns={"opened_on": "incident_opened_on"})
    known = known[["incident_id", "scope", "group", "leg", "p_value", "incident_opened_on"]]
    placed = alerts[["alert_id", "merchant_id", "leg", "opened_on"]].merge(merchants, on="merchant_id", how="left")
    whole = placed.merge(known[known["scope"] == WHOLE], on="leg")
    grouped = [
        placed.merge(known[known["scope"] == scope], left_on=["leg", scope], right_on=["leg", "group"])
        for scope in GROUPED_SCOPES
    ]
    if crowd is not None:
        with_crowd = placed.merge(crowd.drop_duplicates(), on=["merchant_id", "leg"])
        grouped.append(with_crowd.merge(known[known["scope"] == CROWD], on="leg"))
    found = pd.concat([whole, *grouped], ignore_index=True)
    earliest = found["incident_opened_on"] - pd.Timedelta(days=policy.opened_days_before_at_most)
    found = found[found["opened_on"] >= earliest].sort_values(["p_value", "incident_id"])
    chosen = found.drop_duplicates("alert_id").set_index("alert_id")["incident_id"].astype(object)
    named = alerts["alert_id"].map(chosen).astype(object)
    return named.where(named.notna(), None)
