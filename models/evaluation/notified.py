"""Which alerts of a backtest somebody would have been told of, one by one.

The idea: a backtest sends nothing, so the outbox is asked day after day what it would have sent to a route that takes
everything, with the cap per merchant and the budget of the day as they stand in policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from models.risk.alert_policy import AlertPolicy
from models.risk.day_news import DayNews
from models.risk.outbox import decide
from models.risk.ringing import GRAVER
from models.risk.route_policy import Route, RoutePolicy

EVERYTHING = "everything"
TOLD_COLUMNS = ["alert_id", "incident_id", "route", "event"]
STANDING = ["alert_id", "merchant_id", "leg", "severity"]
WEIGHT = ["severity", "money_at_risk"]
ABOUT_MERCHANTS = ["category", "growth_stage", "size_class"]


def notified(
    alerts: pd.DataFrame,
    incidents: pd.DataFrame,
    merchants: pd.Series[int],
    policy: AlertPolicy,
    routes: RoutePolicy,
    chain: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Alerts that would have been told one by one: `alert_id`, `told_on`; the first time only.

    Parameters
    ----------
    alerts, incidents : DataFrame
        Tables `alerts` and `incidents` over the days of a backtest.
    merchants : Series of int
        Merchants of each navigated day, by day, for the budget.
    chain : mapping of leg to legs
        The legs on which trouble of a leg shows next: a graver alert there speaks for milder ones.
    """
    route = Route(id=EVERYTHING, form="webhook", url_variable="NOBODY_IS_TOLD")
    all_told = routes.model_copy(update={"routes": (route,), "merchant_routes": ()})
    told, found, waiting = pd.DataFrame(columns=TOLD_COLUMNS), [], frozenset[str]()
    opened = alerts["event"].isin(["opened", "reopened"]) & alerts["incident_id"].isna()
    openings = alerts.loc[opened, WEIGHT].assign(on=pd.to_datetime(alerts.loc[opened, "as_of"]))
    of_alerts, of_incidents = (_by_day(table) for table in (alerts, incidents))
    for day in pd.DatetimeIndex(merchants.index).sort_values():
        of_day = of_alerts.get(day, alerts.iloc[:0])
        of_day = of_day.assign(event=of_day["event"].fillna(""))
        waits = of_day["alert_id"].isin(waiting) & (of_day["status"] == "open")
        moved = of_day[of_day["event"].ne("") | waits].assign(**dict.fromkeys(ABOUT_MERCHANTS))
        if moved.empty:
            continue
        known_for = pd.Timedelta(days=policy.budget.over_days)
        recent = openings.loc[(openings["on"] < day) & (openings["on"] > day - known_for), WEIGHT]
        standing = of_day.loc[of_day["status"] != "resolved", STANDING]
        news = DayNews(
            moved, of_incidents.get(day, incidents.iloc[:0]), told, int(merchants[day]), standing=standing,
            chain=chain, recent=recent, waiting=waiting,
        )  # fmt: skip
        rows = decide(news, policy, all_told, day.date())
        sent = rows[rows["status"] == "pending"]
        told = pd.concat([told, sent[TOLD_COLUMNS]], ignore_index=True) if len(told) else sent[TOLD_COLUMNS]
        alone = sent[sent["alert_id"].notna() & (sent["event"] == "trigger")]
        waiting = _waiting(waiting, rows)
        found.append(alone[["alert_id"]].assign(told_on=day))
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["alert_id", "told_on"])
    return rows.sort_values(["told_on", "alert_id"]).drop_duplicates("alert_id", ignore_index=True)


def _waiting(before: frozenset[str], rows: pd.DataFrame) -> frozenset[str]:
    """Alerts that stood behind a graver one when they were last called for."""
    calls = rows[rows["alert_id"].notna() & (rows["event"] == "trigger")]
    held = calls["error"].astype("string").str.endswith(GRAVER).fillna(False).to_numpy(bool)
    return (before - frozenset(calls["alert_id"])) | frozenset(calls.loc[held, "alert_id"])


def _by_day(table: pd.DataFrame) -> dict[pd.Timestamp, pd.DataFrame]:
    days = pd.to_datetime(table["as_of"])
    return {day: table[days == day] for day in days.unique()}
