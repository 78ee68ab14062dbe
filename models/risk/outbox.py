"""Which messages a day's alerts and incidents call for, and which of them stay unsent and why.

The idea: nothing that opened is forgotten. Every new alert gets a row per route: to be sent, or suppressed with its
reason (over the day's budget, over the merchant's cap, part of an incident, no route). What follows a trigger goes
where the trigger went, whatever the alert's severity is by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from models.risk.alert_identity import short_hash
from models.risk.alert_policy import AlertPolicy
from models.risk.day_news import DayNews
from models.risk.ringing import hold_back, with_freed
from models.risk.route_policy import Route, RoutePolicy

OUTBOX_COLUMNS = (
    "notification_id",
    "as_of",
    "alert_id",
    "incident_id",
    "merchant_id",
    "route",
    "event",
    "severity",
    "dedup_key",
    "idempotency_key",
    "status",
    "error",
)
NO_ROUTE = "none"
EVENT_OF_ALERT = {
    "opened": "trigger",
    "reopened": "trigger",
    "released": "trigger",
    "raised": "update",
    "lowered": "update",
    "woken": "update",
    "acked": "ack",
    "snoozed": "ack",  # whoever lets it sleep has it
    "resolved": "resolve",
}
LONGEST_ID = 120  # dedup keys stay well under the 255 characters that receivers accept


def decide(news: DayNews, policy: AlertPolicy, routes: RoutePolicy, as_of: date) -> pd.DataFrame:
    """Rows of the outbox for a day, `OUTBOX_COLUMNS`, sorted by notification_id.

    `status` is `pending` or `suppressed`; the latter says why in `error`.
    """
    active = routes.active_routes
    news = replace(news, alerts=with_freed(news, routes))
    calls = [
        *_calls_of_alerts(news, policy, active),
        *_calls_of_incidents(news, policy, active),
    ]
    rows = pd.concat(calls, ignore_index=True) if calls else _no_calls()
    rows = hold_back(rows, news, policy, routes)
    rows = pd.concat([rows, _digests(rows, active)], ignore_index=True)
    if not active:
        rows["status"], rows["error"] = "suppressed", "no active route in policy/routes.yaml"
    return _named(rows, as_of)


def _no_calls() -> pd.DataFrame:
    columns = [*OUTBOX_COLUMNS, "money_at_risk", "rank"]
    return pd.DataFrame({name: pd.Series(dtype="float64" if name == "money_at_risk" else object) for name in columns})


def _calls_of_alerts(news: DayNews, policy: AlertPolicy, active: Sequence[Route]) -> list[pd.DataFrame]:
    alerts = news.alerts.assign(call=news.alerts["event"].map(EVENT_OF_ALERT))
    alerts = alerts[alerts["call"].notna() & ~_not_worth_a_word(alerts, policy)]
    told = news.told[(news.told["event"] == "trigger") & news.told["alert_id"].notna()]
    if not active:
        return [_calls(alerts[alerts["call"] == "trigger"], NO_ROUTE, policy)]
    calls = []
    for route in active:
        known = alerts["alert_id"].isin(told.loc[told["route"] == route.id, "alert_id"])
        meant = _is_for(alerts, route)
        # An alert that became grave enough for this route is news to it.
        fresh = meant & ~known & alerts["call"].isin(["trigger", "update"]) & (alerts["event"] != "lowered")
        follows = known & (alerts["call"] != "trigger") & (alerts["event"] != "released")
        again = known & (alerts["call"] == "trigger") & (alerts["event"] != "released") & meant
        chosen = alerts.assign(call=alerts["call"].mask(fresh, "trigger"))[fresh | follows | again]
        calls.append(_calls(chosen[chosen["call"].isin(route.events)], route.id, policy))
    return calls


def _not_worth_a_word(alerts: pd.DataFrame, policy: AlertPolicy) -> pd.Series:
    """Who sleeps is woken by the gravest news only; who is being cared for needs no word that it got milder."""
    gravest = alerts["severity"] == policy.severity.levels[-1]
    told = (alerts["event"] == "snoozed") | ((alerts["event"] == "raised") & gravest)
    asleep = (alerts["status"] == "snoozed") & ~told
    cared_for = (alerts["status"] == "acked") & (alerts["event"] == "lowered")
    return asleep | cared_for


def _is_for(alerts: pd.DataFrame, route: Route) -> pd.Series:
    wanted = {
        "severity": route.severities,
        "leg": route.legs,
        "growth_stage": route.growth_stages,
        "size_class": route.size_classes,
        "category": route.categories,
    }
    fits = pd.Series(True, index=alerts.index)
    for column, values in wanted.items():
        if values:
            fits &= alerts[column].isin(values)
    return fits


def _calls(alerts: pd.DataFrame, route: str, policy: AlertPolicy) -> pd.DataFrame:
    ranks = policy.severity.ranks
    calls = alerts[["alert_id", "incident_id", "merchant_id", "severity", "money_at_risk"]].copy()
    calls["event"], calls["route"] = alerts["call"], route
    calls["rank"] = alerts["severity"].map(ranks)
    return calls.assign(status="pending", error=None)


def _calls_of_incidents(news: DayNews, policy: AlertPolicy, active: Sequence[Route]) -> list[pd.DataFrame]:
    incidents = news.incidents
    severity = incidents["scope"].map(dict(policy.incidents.severity_of_scope))
    base = pd.DataFrame(
        {
            "alert_id": None,
            "incident_id": incidents["incident_id"],
            "merchant_id": None,
            "severity": severity.fillna(policy.severity.levels[-1]),
            "leg": incidents["leg"],
            "is_open": incidents["status"] == "open",
            "worse": incidents.get("worse", False),
            "money_at_risk": np.nan,
            "rank": np.nan,
            "status": "pending",
            "error": None,
        }
    )
    told = news.told[news.told["incident_id"].notna() & news.told["alert_id"].isna()]
    names: Sequence[Route | None] = active or (None,)
    calls = []
    for route in names:
        to_route = told[told["route"] == route.id] if route else told[told["route"] == NO_ROUTE]
        triggered = base["incident_id"].isin(to_route.loc[to_route["event"] == "trigger", "incident_id"])
        closed = base["incident_id"].isin(to_route.loc[to_route["event"] == "resolve", "incident_id"])
        meant = _incident_is_for(base, route) if route else pd.Series(True, index=base.index)
        starts, ends = base["is_open"] & ~triggered & meant, ~base["is_open"] & triggered & ~closed
        worse = base["is_open"] & triggered & base["worse"].astype(bool)
        event = np.select([starts, worse], ["trigger", "update"], default="resolve")
        found = base.assign(route=route.id if route else NO_ROUTE, event=event)[starts | worse | ends]
        found = found[found["event"].isin(route.events)] if route else found
        calls.append(found.drop(columns=["leg", "is_open", "worse"]))
    return calls


def _incident_is_for(incidents: pd.DataFrame, route: Route) -> pd.Series:
    fits = pd.Series(route.incidents, index=incidents.index)
    if route.severities:
        fits &= incidents["severity"].isin(route.severities)
    return fits & incidents["leg"].isin(route.legs) if route.legs else fits


def _digests(rows: pd.DataFrame, active: Sequence[Route]) -> pd.DataFrame:
    """One message per route for all that was held back from it."""
    held = rows[rows["error"].astype("string").str.endswith("in the digest").fillna(False).to_numpy(bool)]
    wanting = [route.id for route in active if route.takes_digests]
    gravest = held.sort_values("rank", ascending=False).drop_duplicates("route").set_index("route")["severity"]
    digests = _no_calls()
    names = [name for name in wanting if name in gravest.index]
    digests["route"] = names
    return digests.assign(event="digest", severity=[gravest[name] for name in names], status="pending")


def merchant_digests(merchants: pd.DataFrame, as_of: date, severity: str) -> pd.DataFrame:
    """One digest per merchant, `OUTBOX_COLUMNS`, in the order of `merchants` (merchant_id, route)."""
    rows = _no_calls().reindex(range(len(merchants)))
    rows["merchant_id"], rows["route"] = merchants["merchant_id"].to_numpy(), merchants["route"].to_numpy()
    return _keyed(rows.assign(event="digest", severity=severity, status="pending"), as_of)


def _named(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    return _keyed(rows, as_of).sort_values("notification_id", ignore_index=True)


def _keyed(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Give every row its keys; the same message has the same keys on every replay."""
    of_merchant = "digest-" + rows["merchant_id"].map(lambda name: short_hash(str(name)))
    subject = rows["alert_id"].fillna(rows["incident_id"]).astype(object)
    subject = subject.where(rows["event"] != "digest", of_merchant.where(rows["merchant_id"].notna(), "digest"))
    subject = subject.map(lambda name: name if len(name) <= LONGEST_ID else short_hash(name))
    day = as_of.isoformat()
    rows["as_of"] = pd.Timestamp(as_of)
    rows["dedup_key"] = "merchant-gps:" + subject.mask(rows["event"] == "digest", subject + f":{day}")
    rows["idempotency_key"] = rows["dedup_key"] + ":" + rows["route"] + ":" + rows["event"] + f":{day}"
    rows["notification_id"] = [short_hash(key) for key in rows["idempotency_key"]]
    return rows[list(OUTBOX_COLUMNS)]
