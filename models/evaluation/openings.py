"""The alert and incident tables hold a state per day; judging needs one row per opening.

The idea: an alert id opens once. Days on which it stays open, is acked or is reopened are the same alert, so a
lifecycle that keeps an alert alive is not punished for it. A reopening still tells of a trouble, so it may find one.
"""

from __future__ import annotations

import pandas as pd

ALERT_COLUMNS = ["alert_id", "merchant_id", "leg", "named_root", "metric", "opened_by", "opened_on", "incident_id"]
INCIDENT_COLUMNS = ["incident_id", "scope", "group", "leg", "metric", "opened_on"]


def alert_openings(alerts: pd.DataFrame) -> pd.DataFrame:
    """One row per alert.

    Parameters
    ----------
    alerts
        Table `alerts` over any number of `as_of` days.

    Returns
    -------
    DataFrame
        Columns of `ALERT_COLUMNS`; `opened_on` is the earliest stated, `incident_id` the newest that is not empty,
        everything else as it was on the first day. `named_root` is the leg where the alert says that its trouble
        began (`root_leg`), the leg where it shows if it says nothing.
    """
    rows = _by_day(_with_named_root(alerts), ALERT_COLUMNS)
    first = rows.drop_duplicates("alert_id", keep="first").set_index("alert_id")
    grouped = rows.assign(incident_id=rows["incident_id"].replace("", None)).groupby("alert_id")
    first["opened_on"] = grouped["opened_on"].min()
    first["incident_id"] = grouped["incident_id"].last()
    return first.reset_index()[ALERT_COLUMNS]


def alert_appearances(alerts: pd.DataFrame) -> pd.DataFrame:
    """Openings and reopenings: one row per alert and day on which it came up, columns of `ALERT_COLUMNS`.

    `opened_on` is that day. Tables without `reopened_on` have openings only.
    """
    openings = alert_openings(alerts)
    if "reopened_on" not in alerts:
        return openings
    again = alerts.loc[alerts["reopened_on"].notna(), ["alert_id", "reopened_on"]].drop_duplicates()
    again = openings.drop(columns="opened_on").merge(again.rename(columns={"reopened_on": "opened_on"}), on="alert_id")
    again["opened_on"] = pd.to_datetime(again["opened_on"]).astype("datetime64[s]")
    both = pd.concat([openings, again[ALERT_COLUMNS]]) if len(again) else openings
    return both.drop_duplicates(["alert_id", "opened_on"]).reset_index(drop=True)


def incident_appearances(incidents: pd.DataFrame) -> pd.DataFrame:
    """Openings, and days on which an incident had become much worse: then it is told again, with what leads it now.

    `opened_on` is that day. Tables without `worsened_on` have openings only.
    """
    openings = incident_openings(incidents)
    if "worsened_on" not in incidents:
        return openings
    again = _by_day(incidents.assign(opened_on=incidents["worsened_on"]), INCIDENT_COLUMNS)
    again = again.loc[again["opened_on"] == again["as_of"], INCIDENT_COLUMNS]
    return pd.concat([openings, again], ignore_index=True) if len(again) else openings


def incident_openings(incidents: pd.DataFrame) -> pd.DataFrame:
    """One row per incident, as on its first day, with the columns of `INCIDENT_COLUMNS`."""
    rows = _by_day(incidents, INCIDENT_COLUMNS)
    first = rows.drop_duplicates("incident_id", keep="first").set_index("incident_id")
    first["opened_on"] = rows.groupby("incident_id")["opened_on"].min()
    return first.reset_index()[INCIDENT_COLUMNS]


def _with_named_root(alerts: pd.DataFrame) -> pd.DataFrame:
    said = alerts["root_leg"].replace("", None) if "root_leg" in alerts else alerts["leg"]
    return alerts.assign(named_root=said.fillna(alerts["leg"]))


def _by_day(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    missing = {"as_of", *columns} - set(table.columns)
    if missing:
        raise ValueError(f"columns {sorted(missing)} are missing; give the table as it lies in the lake")
    rows = table[["as_of", *columns]].copy()
    for column in ("as_of", "opened_on"):
        rows[column] = pd.to_datetime(rows[column]).astype("datetime64[s]")
    return rows.sort_values("as_of", kind="stable")
