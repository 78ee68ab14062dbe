"""The whole chain of numbers of one merchant and day, and every comparison that opened an alert or did not.

The idea: the tables that the day wrote are read again as the lifecycle read them, and its functions are asked again,
so that what is told is what was decided. Nothing is computed anew from the feeds and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from models.metrics.profile import Profile
from models.risk.alert_policy import AlertPolicy
from models.risk.alert_state import STATE_COLUMNS
from models.risk.discovery import needed_to_pass
from models.risk.evidence import DayTables
from models.risk.fates import AlertDays, fates, way_to_green
from models.risk.merchant_control import MerchantControl, merchant_control
from models.risk.settings import RiskSettings
from models.risk.why import comparisons, evidence_of
from pipelines.day import Day
from pipelines.defs.alerting.policies import alert_policy
from pipelines.defs.alerting.previous import as_frame, navigated_days, previous_state
from pipelines.defs.alerting.step import FEEDS, RISK_TABLES, day_context, day_tables
from pipelines.defs.alerting.story import as_records
from pipelines.explain.words import Told, sentence
from pipelines.policy import load_profile, load_risk_settings
from pipelines.workspace import Workspace
from reports.messages.clean import plain

TABLES = (*RISK_TABLES, *FEEDS, "alerts", "leg_control", "merchant_outlook", "segments", "notifications")
Rows = list[dict[str, Any]]


class UnknownMerchantError(ValueError):
    """The day knows no such merchant; the message names some that are alike."""


@dataclass(frozen=True)
class Explained:
    """One merchant's day.

    Attributes
    ----------
    chapters : dict
        merchant, control, outlook, incidents, alerts, legs, signals, stock, reasons, messages: rows as dictionaries.
    evidence : DataFrame
        What the lifecycle weighed, for the way to green.
    """

    as_of: date
    chapters: dict[str, Any]
    evidence: pd.DataFrame
    policy: AlertPolicy


def explain(workspace: Workspace, merchant_id: str, as_of: date | None = None, backtest: str = "") -> Explained:
    """Read what a day decided about a merchant, and why.

    Parameters
    ----------
    as_of : date, optional
        A day that was navigated; the newest by default.
    backtest : str
        Name of a backtest; the live tables by default.

    Raises
    ------
    UnknownMerchantError
        When the day knows no such merchant.
    ValueError
        When the day was not navigated; says which were.
    """
    day, policy = navigated_day(workspace, as_of, backtest), alert_policy(workspace)
    previous = previous_state(day, policy.lifecycle.memory_days)
    asked = {"merchant_id": merchant_id}
    with day.connect(*TABLES) as connection:
        merchant = day.query(connection, __file__, "merchant.sql", **asked).to_pylist()
        if not merchant:
            raise UnknownMerchantError(_unknown(day, connection, merchant_id))
        tables = day_tables(day, connection, previous, policy, also=[merchant_id])
        feedback = day_context(day, connection).feedback
        today = as_frame(day.query(connection, __file__, "alerts.sql", **asked))
        chapters = {
            name: day.query(connection, __file__, f"{name}.sql", **asked).to_pylist()
            for name in ("signals", "legs", "incidents", "outlook", "messages")
        }
        reading = _Reading(day, connection, load_profile(workspace), load_risk_settings(workspace))
        control, breaks = reading.control(merchant[0], chapters["legs"]), reading.breaks(merchant_id)
    live = previous[previous["status"] != "resolved"].reset_index(drop=True)
    past = previous[(previous["status"] == "resolved") & (previous["merchant_id"] == merchant_id)]
    compared = comparisons(tables, live, merchant_id, control, policy)
    days = AlertDays(today[list(STATE_COLUMNS)], past, feedback)
    reasons = as_records(fates(compared, days, policy, day.as_of))
    alerts = as_records(today.drop(columns="as_of"))
    told = Told(
        policy,
        reading.profile,
        control,
        reading.settings.control.lasting,
        breaks,
        chapters["signals"],
        chapters["legs"],
        alerts,
    )
    chapters |= {
        "merchant": merchant,
        "control": [_control_row(control)],
        "alerts": alerts,
        "stock": _stock(tables, merchant_id),
        "reasons": [{**row, "text": sentence(row, told)} for row in reasons],
    }
    return Explained(day.as_of, chapters, evidence_of(tables, live, merchant_id, policy), policy)


def navigated_day(workspace: Workspace, as_of: date | None, backtest: str) -> Day:
    """The day that is asked for, as it was navigated; ValueError says which days there are."""
    day = Day(workspace, date.max, "backtest" if backtest else "live", backtest)
    days = navigated_days(day.lake, date.max)
    where = f"backtest {plain(backtest)!r}" if backtest else "this workspace"
    if not days:
        raise ValueError(f"no day of {where} has been navigated yet")
    chosen = as_of or days[-1]
    if chosen not in days:
        near = f"{days[0]} to {days[-1]}, {len(days)} in all"
        raise ValueError(f"{chosen} was not navigated in {where}; days that were: {near}")
    before = [one for one in days if one < chosen]
    step = (chosen - before[-1]).days if backtest and before else 1
    return replace(day, as_of=chosen, step_days=step)


def _unknown(day: Day, connection: duckdb.DuckDBPyConnection, merchant_id: str) -> str:
    known = as_frame(day.query(connection, __file__, "control.sql"))["merchant_id"]
    alike = known[known.str.lower().str.contains(merchant_id.strip().lower(), regex=False)].head(5)
    near = "; did you mean " + ", ".join(plain(one) for one in alike) if len(alike) else ""
    return f"{day.as_of} knows no merchant {plain(merchant_id)!r} among {len(known)}{near}"


@dataclass(frozen=True)
class _Reading:
    """What all merchants of the day say together: the controls."""

    day: Day
    connection: duckdb.DuckDBPyConnection
    profile: Profile
    settings: RiskSettings

    def control(self, merchant: Mapping[str, Any], legs: Rows) -> MerchantControl:
        """The merchant in the control of the day; where that day wrote no weights, in the policy's."""
        risk = as_frame(self.day.query(self.connection, __file__, "control.sql"))
        rows = self.day.query(self.connection, __file__, "weights.sql").to_pylist()
        known = [row for row in legs if row["p_value"] is not None]
        number = len(known) + (merchant["odd_p"] is not None)
        weights = {row["leg"]: row["weight"] for row in rows}
        level = rows[0]["level"] if rows else self.settings.control.q
        least = self.settings.control.least_p
        return merchant_control(risk, merchant["merchant_id"], number, weights, level, least)

    def breaks(self, merchant_id: str) -> dict[str, tuple[float, int]]:
        """By metric with a control of its own: the p-value that the merchant would need, and among how many."""
        rows = as_frame(self.day.query(self.connection, __file__, "breaks.sql"))
        needed = {}
        for metric, of_metric in rows.groupby("metric"):
            own = np.flatnonzero(of_metric["merchant_id"] == merchant_id)
            p_value = of_metric["p_value"].to_numpy(float)
            if len(own):
                enough = needed_to_pass(p_value, self.profile.colouring.control_q)[own[0]]
                needed[str(metric)] = (float(enough), len(p_value))
        return needed


def _stock(tables: DayTables, merchant_id: str) -> Rows:
    return as_records(tables.stock[tables.stock["merchant_id"] == merchant_id].drop(columns="merchant_id"))


def _control_row(control: MerchantControl) -> dict[str, Any]:
    row = {name: getattr(control, name) for name in ("leg", "legs", "merchants", "passed", "level")}
    numbers = {"p_value": control.p_value, "needed": control.needed}
    numbers["weight"] = control.weights.get(control.leg or "", 1.0)
    return row | {name: None if np.isnan(value) else value for name, value in numbers.items()}


def greens(explained: Explained, alert: Mapping[str, Any]) -> Rows:
    """What must be calm before an alert of the day resolves by itself; see `models.risk.fates.way_to_green`."""
    rows = as_records(way_to_green(pd.Series(dict(alert)), explained.evidence, explained.policy))
    by_metric = {row["metric"]: row for row in explained.chapters["signals"]}
    for row in rows:
        signal = by_metric.get(row["metric"], {})
        row |= {name: signal.get(name) for name in ("limit_red", "good_until_green", "light")}
    return rows
