"""The outbox of a day: decided once, kept in a table, sent later.

The idea: messages are written down before anything is sent. Making the outbox again changes no message that is already
there, so a day that is run twice tells nobody twice. It takes back what nobody has tried to send only while nobody
sends; a message may be on its way before the table says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
from filelock import Timeout

from models.risk.day_news import DayNews
from models.risk.outbox import decide, merchant_digests
from models.risk.ringing import GRAVER
from models.risk.route_policy import RoutePolicy
from pipelines.day import Day
from pipelines.defs.alerting.facts import FactMaker, PolicyTexts, fact_maker
from pipelines.defs.alerting.policies import alert_policy, route_policy
from pipelines.defs.alerting.previous import as_frame, is_past
from pipelines.defs.alerting.store import (
    FOLLOW_UPS,
    LOCK_SECONDS,
    OWN_PREFIXES,
    QUIET_KEY,
    RUN_PREFIX,
    delivery_lock,
    known_rows,
    notifications_lock,
    table_of,
)
from pipelines.defs.navigation.playbook import load_playbook
from pipelines.policy import load_profile, load_risk_settings

TABLES = ("alerts", "metric_signals", "incidents", "notifications", "segments", "prompts", "merchants")
NO_ROUTE = "no active route"
LOG = logging.getLogger(__name__)


def outbox(day: Day, now: datetime) -> dict[str, int]:
    """Write what the day's alerts and incidents call for; a backtest writes nothing."""
    if day.kind == "backtest":
        return {"notifications": 0}
    with _nobody_sends(day) as quiet:
        ahead = _told_ahead(day)
        rows = [row for row in _decided(day, now) if row["notification_id"] not in ahead]
        if is_past(day.lake, day.as_of):
            rows = [_too_late(row) for row in rows]
        with notifications_lock(day.workspace):
            merged = merge(known_rows(day.workspace, day.as_of), rows, may_take_back=quiet)
            return {"notifications": day.write("notifications", table_of(merged))}


@contextmanager
def _nobody_sends(day: Day) -> Iterator[bool]:
    """Keep deliveries out; False when one goes on for longer than we wait."""
    lock = delivery_lock(day.workspace)
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        LOG.warning(
            "a delivery has been at work for %g seconds; no message of %s is taken back", LOCK_SECONDS, day.as_of
        )
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _told_ahead(day: Day) -> set[str]:
    """Answers of people that were passed on before the day was navigated; they have the keys of this day."""
    where = f"as_of < DATE '{day.as_of.isoformat()}' AND ends_with(idempotency_key, ':{day.as_of.isoformat()}')"
    return set(day.lake.read("notifications", ["notification_id"], where).column("notification_id").to_pylist())


def _too_late(row: dict[str, Any]) -> dict[str, Any]:
    """A day that is computed again later wakes nobody."""
    return {**row, "status": "suppressed", "error": row["error"] or "a later day had already been navigated"}


def merge(
    existing: Sequence[Mapping[str, Any]], decided: Sequence[Mapping[str, Any]], may_take_back: bool = True
) -> list[dict[str, Any]]:
    """Keep what is there, add what is new, and drop what waits untouched and is no longer called for."""
    wanted = {row["notification_id"] for row in decided}
    kept = [dict(row) for row in existing if row["notification_id"] in wanted or not (may_take_back and _may_go(row))]
    known = {row["notification_id"] for row in kept}
    return kept + [dict(row) for row in decided if row["notification_id"] not in known]


def _may_go(row: Mapping[str, Any]) -> bool:
    """A message of the day's run that nobody has tried to send may be taken back; what came between days stays."""
    untouched = row["status"] == "suppressed" or (row["status"] == "pending" and not row["attempts"])
    of_the_run = row["idempotency_key"].endswith(f":{row['as_of'].isoformat()}") and row["event"] not in FOLLOW_UPS
    own = (row["incident_id"] or "").startswith(OWN_PREFIXES) or row["dedup_key"].startswith(QUIET_KEY)
    return untouched and of_the_run and not own


def _decided(day: Day, now: datetime) -> list[dict[str, Any]]:
    policy, routes = alert_policy(day.workspace), route_policy(day.workspace)
    with day.connect(*TABLES) as connection:
        active = [route.id for route in routes.merchant_routes if route.active]
        connection.register("merchant_routes", pa.table({"route": pa.array(active, pa.string())}))
        alerts = day.query(connection, __file__, "outbox_alerts.sql", graver=GRAVER)
        incidents = day.query(connection, __file__, "outbox_incidents.sql", run_prefix=RUN_PREFIX)
        told = day.query(connection, __file__, "told.sql", run_prefix=RUN_PREFIX)
        standing = day.query(connection, __file__, "outbox_standing.sql")
        first = day.as_of - timedelta(days=policy.budget.over_days)
        recent = day.query(connection, __file__, "outbox_recent.sql", first=first)
        first_actions = day.query(connection, __file__, "first_actions.sql")
        merchants = day.query(connection, __file__, "merchant_digests.sql")
        count = connection.execute("SELECT count(*) FROM merchants").fetchall()[0][0]
    news = DayNews(
        alerts=as_frame(alerts),
        incidents=as_frame(incidents),
        told=as_frame(told),
        merchants=count,
        told_today=_told_today(day),
        standing=as_frame(standing),
        recent=as_frame(recent),
        waiting=frozenset(name for name, waits in _columns(alerts, "alert_id", "waits") if waits),
        chain=load_risk_settings(day.workspace).root.chain,
    )
    rows = decide(news, policy, routes, day.as_of)
    texts = PolicyTexts(load_profile(day.workspace), load_playbook(day.workspace))
    maker = fact_maker(day, texts, alerts.to_pylist(), incidents.to_pylist(), first_actions.to_pylist())
    messages = _with_facts(_records(rows), maker, policy.budget.digest_items, now)
    readers = as_frame(merchants.select(["merchant_id", "route"]))
    digests = merchant_digests(readers, day.as_of, policy.severity.levels[0])
    return messages + _merchant_messages(_records(digests), merchants.to_pylist(), maker, routes, now)


def _columns(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table.column(name).to_pylist() for name in names), strict=True)


def _told_today(day: Day) -> frozenset[str]:
    """Alerts of which an earlier run of this day has told: they keep their place under cap and budget."""
    rows = known_rows(day.workspace, day.as_of)
    told = (row for row in rows if row["event"] == "trigger" and (row["status"] == "sent" or row["attempts"]))
    return frozenset(row["alert_id"] for row in told if row["alert_id"])


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in records]


def _with_facts(rows: list[dict[str, Any]], maker: FactMaker, items: int, now: datetime) -> list[dict[str, Any]]:
    """Add facts to what will be sent, or would be if there were a route."""
    held: dict[str, list[str]] = {}
    for row in rows:
        if (row["error"] or "").endswith("in the digest"):
            held.setdefault(row["route"], []).append(row["alert_id"])
    weight = {name: _weight(alert) for name, alert in maker.alerts.items()}
    for row in rows:
        told = row["status"] == "pending" or (row["error"] or "").startswith(NO_ROUTE)
        facts = None
        if told and row["event"] == "digest":
            facts = maker.of_digest(row, sorted(held[row["route"]], key=weight.__getitem__), items)
        elif told:
            facts = maker.of_alert(row) if row["alert_id"] else maker.of_incident(row)
        row["payload"] = facts.model_dump_json() if facts else None
    return [_new_row(row, now) for row in rows]


def _weight(alert: Mapping[str, Any]) -> tuple[float, str]:
    return -(alert["money_at_risk"] or 0.0), alert["alert_id"]


def _merchant_messages(
    rows: list[dict[str, Any]],
    merchants: list[dict[str, Any]],
    maker: FactMaker,
    routes: RoutePolicy,
    now: datetime,
) -> list[dict[str, Any]]:
    actions = {route.id: route.actions for route in routes.merchant_routes}
    for row, merchant in zip(rows, merchants, strict=True):
        row["payload"] = maker.of_merchant(row, merchant, actions[row["route"]]).model_dump_json()
    return [_new_row(row, now) for row in rows]


def _new_row(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    day = _date(row["as_of"])
    return {**row, "as_of": day, "created_at": now, "next_attempt_at": now, "sent_at": None, "attempts": 0}


def _date(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value
