"""From the marts to panels: which merchants, days and measures there are, and a block of them as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from models.calendar.ahead import EventAhead, next_event
from models.calendar.event import Event
from models.calendar.groups import build_day_groups, scopes_of
from models.calendar.market import MarketCalendar
from models.forecasting.factors import DayLabels
from models.forecasting.learned import Setting
from models.forecasting.panel import Panel, mask_days, month_days, scatter, weekdays
from models.forecasting.policy import ForecastPolicy
from pipelines.day import Day
from pipelines.defs.forecasts.calendar import known_events, market_calendar
from pipelines.yaml_file import load_yaml

MEASURES = ("orders", "units", "gmv", "visitors")
WHOLE_COUNTS = ("orders", "visitors")  # units may be decimal, gmv is money
KEEP_BYTES = 600_000_000  # panels below this stay in memory between passes; more are read again


@dataclass(frozen=True)
class Scene:
    """All that is known before any block is read.

    Parameters
    ----------
    merchants : DataFrame
        merchant_id, bucket, category, region, opened_on, growth_stage, size_class, scope; in order of ids.
    measures : tuple of str
        Measures that the platform delivers.
    first_on : date
        Day of column 0.
    setting : Setting
        Labels, history and policy.
    horizon : int
        Days ahead.
    events : list of Event
    ahead : list of EventAhead or None
        Next event by scope.
    """

    day: Day
    merchants: pd.DataFrame
    measures: tuple[str, ...]
    first_on: date
    setting: Setting
    horizon: int
    events: list[Event]
    ahead: list[EventAhead | None]


def forecast_policy(day: Day) -> ForecastPolicy:
    """Policy of the workspace."""
    return load_yaml(day.workspace.policy_path("forecast.yaml"), ForecastPolicy)


def read_scene(day: Day) -> Scene:
    """Read merchants, events and the extent of history."""
    calendar, policy = market_calendar(day), forecast_policy(day)
    events = known_events(day, calendar)
    since = day.as_of - timedelta(days=day.config.forecast.history_days - 1)
    with day.connect("merchant_day", "merchants", "segments", since=since) as connection:
        merchants = day.query(connection, __file__, "merchants.sql").to_pandas()
        delivered = day.query(connection, __file__, "delivered.sql", since=since).to_pylist()[0]
    scopes, merchants["scope"] = scopes_of(list(merchants["category"]), list(merchants["region"]), events)
    ahead = [next_event(events, day.as_of, *scope) for scope in scopes]
    first_on = delivered.pop("first_on") or day.as_of
    setting, horizon = _setting(day, calendar, policy, events, scopes, ahead, first_on)
    measures = tuple(name for name in MEASURES if delivered[name])
    return Scene(day, merchants, measures, first_on, setting, horizon, events, ahead)


def _setting(
    day: Day,
    calendar: MarketCalendar,
    policy: ForecastPolicy,
    events: list[Event],
    scopes: list[tuple[str, str]],
    ahead: Iterable[EventAhead | None],
    first_on: date,
) -> tuple[Setting, int]:
    horizon = day.config.forecast.horizon_days
    for event in ahead:
        if event and (event.starts_on - day.as_of).days <= policy.history.near_event_days:
            horizon = max(horizon, min((event.ends_on - day.as_of).days, policy.history.longest_horizon_days))
    history = (day.as_of - first_on).days + 1
    days = history + horizon
    groups = build_day_groups(events, scopes or [("", "")], first_on, days)
    labels = DayLabels(weekdays(first_on, days), month_days(first_on, days), groups, np.zeros(days))
    # A platform that announces events celebrates them; of one that never does, the market's calendar proves nothing.
    announces = any(event.source == "feed" for event in events)
    return Setting(labels, history, policy, calendar.lifts() if announces else {}, first_on), horizon


class Blocks:
    """The panels of a day, one block after the other; read again on every pass unless they fit into memory."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.parts = [list(block.buckets) for block in scene.day.blocks()]
        bytes_needed = len(scene.merchants) * scene.setting.history * 8 * max(len(scene.measures), 1)
        self._fits = bytes_needed < KEEP_BYTES
        self._kept: list[Panel] = []

    def __call__(self) -> Iterator[Panel]:
        """Give every block anew."""
        if self._kept:
            yield from self._kept
            return
        read = []
        for buckets in self.parts:
            members = self.scene.merchants[self.scene.merchants["bucket"].isin(buckets)]
            if len(members):
                panel = read_panel(self.scene, members, buckets)
                if self._fits:
                    read.append(panel)
                yield panel
        self._kept = read


def read_panel(scene: Scene, members: pd.DataFrame, buckets: list[int]) -> Panel:
    """Read a block of merchants as arrays."""
    policy = scene.setting.policy
    days = scene.setting.history + scene.horizon
    volumes, plans = _read_rows(scene, members, buckets, days)
    shape = (len(members), scene.setting.history)
    planned = _planned(plans, (len(members), days))
    rows, columns = volumes["panel_row"], volumes["panel_column"]
    sold_out = scatter(rows, columns, volumes["out_of_stock_share"], shape)
    values = {
        name: mask_days(
            scatter(rows, columns, volumes[name], shape),
            planned["open"][:, : shape[1]],
            sold_out,
            policy.history.out_of_stock_share,
        )
        for name in scene.measures
    }
    ids, scope = members["merchant_id"].to_numpy(dtype=object), members["scope"].to_numpy(dtype=np.int32)
    return Panel(ids, scope, scene.first_on, values, **planned, **known_plans(plans, (len(members), days)))


def _read_rows(
    scene: Scene, members: pd.DataFrame, buckets: list[int], days: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    day, policy = scene.day, scene.setting.policy
    first_on, last_on = scene.first_on, scene.first_on + timedelta(days=days - 1)
    names = pd.DataFrame({"merchant_id": members["merchant_id"].to_numpy(), "panel_row": np.arange(len(members))})
    with day.connect("merchant_day", "sku_day", "plans", "products", buckets=buckets, since=first_on) as connection:
        connection.register("block_merchants", names)
        volumes = day.query(
            connection, __file__, "volumes.sql", first_on=first_on, open_hours=policy.history.open_hours
        )
        plans = day.query(
            connection,
            __file__,
            "plans.sql",
            first_on=first_on,
            last_on=last_on,
            promotion_least=policy.factors.promotion_least,
            promotion_least_skus=policy.factors.promotion_least_skus,
            usual_days=policy.factors.price_usual_days,
        )
    return tuple(  # type: ignore[return-value]
        {name: table.column(name).to_numpy() for name in table.column_names} for table in (volumes, plans)
    )


def _planned(plans: dict[str, Any], shape: tuple[int, int]) -> dict[str, Any]:
    planned = {"open": np.ones(shape, bool), "promotion": np.zeros(shape, bool), "holiday": np.zeros(shape, bool)}
    for name, matrix in planned.items():
        matrix[plans["panel_row"], plans["panel_column"]] = plans[name].astype(bool)
    return planned


def known_plans(plans: dict[str, Any], shape: tuple[int, int]) -> dict[str, Any]:
    """Depth and price of a panel from rows of plans; None where they say no more than on and off."""
    known: dict[str, Any] = {"depth": None, "price": None}
    depth, price = (np.ma.filled(np.ma.asarray(plans[name], np.float64), np.nan) for name in known)
    says = {"depth": (depth > 0) & (depth < 1), "price": np.nan_to_num(price) != 0}
    for name, told in (("depth", depth), ("price", price)):
        if says[name].any():
            matrix = np.full(shape, np.nan, np.float32)
            matrix[plans["panel_row"], plans["panel_column"]] = told
            known[name] = matrix
    return known
