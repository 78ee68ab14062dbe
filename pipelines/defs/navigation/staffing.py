"""The step that plans people for the consultations of the next two weeks, block by block.

Merchants without hourly consultations get no rows; without a roster, agents_rostered and the gap are not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from models.staffing.plan import Hours, agents_needed, expected_sessions, handle_time, human_share, with_larger_bot
from models.staffing.policy import StaffingPolicy
from pipelines.asof import create_feed_view
from pipelines.day import Block, Day
from pipelines.defs.navigation.policy import staffing_policy

Floats = NDArray[np.float64]
PHASES = ("pre_sale", "after_sale")
NORMAL_90 = 1.2815515655446004
HOURS = 24


@dataclass(frozen=True)
class Desk:
    """The service desks of a block: merchants, their past hours, the days ahead and the roster."""

    merchants: pd.Index
    hours: Hours
    lift: Floats
    agents: Floats
    concurrency: Floats


Rows = Callable[[Day, Desk, Floats, StaffingPolicy], pa.Table]


def staffing_plan(day: Day) -> dict[str, int]:
    """Write `service_forecast` and `staffing_plan` for the day; return the rows written."""
    policy = staffing_policy(day.workspace)
    # Each table in a pass of its own: keeping one while the other is written would grow with the platform.
    return {
        "service_forecast": day.write("service_forecast", _each_desk(day, policy, _forecast_rows)),
        "staffing_plan": day.write("staffing_plan", _each_desk(day, policy, _plan_rows)),
    }


def _each_desk(day: Day, policy: StaffingPolicy, rows: Rows) -> Iterator[pa.Table]:
    for block in day.blocks():
        desk = read_desk(day, block, policy)
        if desk is not None:
            yield rows(day, desk, expected_sessions(desk.hours, desk.lift, policy), policy)


def read_desk(day: Day, block: Block, policy: StaffingPolicy) -> Desk | None:
    """Read what a block's plan rests on; None where no merchant has hourly consultations."""
    since, until = day.as_of - timedelta(days=policy.history_days), day.as_of + timedelta(days=policy.horizon_days)
    with day.connect(
        "merchants", "roster", "volume_forecast", "merchant_day", buckets=block.buckets, since=since
    ) as connection:
        create_feed_view(
            connection, day.lake, "service_hour", day.as_of, name="recent_hours", buckets=block.buckets,
            from_date=since + timedelta(days=1), to_date=day.as_of,
        )  # fmt: skip
        past = day.query(connection, __file__, "staffing_hours.sql").to_pandas()
        if past.empty:
            return None
        lift = day.query(connection, __file__, "staffing_lift.sql", since=since, until=until).to_pandas()
        roster = day.query(connection, __file__, "staffing_roster.sql", until=until).to_pandas()
    merchants = pd.Index(past["merchant_id"].unique())
    agents, concurrency = roster_arrays(roster, merchants, policy)
    return Desk(merchants, past_hours(past, merchants), lift_array(lift, merchants, policy), agents, concurrency)


def past_hours(past: pd.DataFrame, merchants: pd.Index) -> Hours:
    """Past consultations as (merchants, phases, 24) arrays."""
    place = (
        merchants.get_indexer(pd.Index(past["merchant_id"])),
        pd.Index(PHASES).get_indexer(pd.Index(past["phase"])),
        past["hour"],
    )

    def summed(name: str) -> Floats:
        array = np.zeros((len(merchants), len(PHASES), HOURS))
        array[place] = past[name]
        return array

    days = np.ones(len(merchants))
    days[place[0]] = past["days"]
    return Hours(summed("sessions"), summed("human_sessions"), summed("handle_seconds"), days)


def lift_array(lift: pd.DataFrame, merchants: pd.Index, policy: StaffingPolicy) -> Floats:
    """Lift of the days ahead as a (merchants, days) array; NaN where there is no forecast."""
    array = np.full((len(merchants), policy.horizon_days), np.nan)
    known = lift[lift["merchant_id"].isin(merchants)]
    array[merchants.get_indexer(pd.Index(known["merchant_id"])), known["day"]] = known["lift"]
    return array


def roster_arrays(roster: pd.DataFrame, merchants: pd.Index, policy: StaffingPolicy) -> tuple[Floats, Floats]:
    """Agents by (merchant, day, hour) and the chats an agent holds by merchant.

    An hour without a row is NaN: the desk is closed then, or its roster is not made yet; neither is a gap.
    """
    agents = np.full((len(merchants), policy.horizon_days, HOURS), np.nan)
    known = roster[roster["merchant_id"].isin(merchants)]
    row = merchants.get_indexer(pd.Index(known["merchant_id"]))
    agents[row, known["day"], known["hour"]] = known["agents"]
    mean = known.groupby("merchant_id")["concurrency"].mean().reindex(merchants).to_numpy(dtype=np.float64)
    return agents, np.where(mean >= 1, mean, policy.concurrency)


def _forecast_rows(day: Day, desk: Desk, sessions: Floats, policy: StaffingPolicy) -> pa.Table:
    spread = NORMAL_90 * np.sqrt(policy.dispersion * sessions)
    merchants, phases, days, hours = (index.ravel() for index in np.indices(sessions.shape))
    return pa.table(
        {
            "made_on": pa.array(np.full(sessions.size, np.datetime64(day.as_of))),
            "merchant_id": pa.array(desk.merchants).take(pa.array(merchants)),
            "phase": pa.array(PHASES).take(pa.array(phases)),
            "target_date": pa.array(_dates(day, days)),
            "hour": hours,
            "mean": sessions.ravel(),
            "q10": np.maximum(sessions - spread, 0.0).ravel(),
            "q90": (sessions + spread).ravel(),
        }
    )


def _plan_rows(day: Day, desk: Desk, sessions: Floats, policy: StaffingPolicy) -> pa.Table:
    share, handle = human_share(desk.hours, policy), handle_time(desk.hours, policy)
    needed = agents_needed(sessions, share, handle, desk.concurrency, policy)
    with_bot = agents_needed(sessions, with_larger_bot(share, policy), handle, desk.concurrency, policy)
    merchants, days, hours = (index.ravel() for index in np.indices(needed.shape))
    known = ~np.isnan(desk.agents)
    return pa.table(
        {
            "as_of": pa.array(np.full(needed.size, np.datetime64(day.as_of))),
            "merchant_id": pa.array(desk.merchants).take(pa.array(merchants)),
            "date": pa.array(_dates(day, days)),
            "hour": hours,
            "sessions": sessions.sum(axis=1).ravel(),
            "human_sessions": (sessions * share[:, :, None, None]).sum(axis=1).ravel(),
            "pre_sale_sessions": sessions[:, 0].ravel(),
            "agents_needed": needed.ravel(),
            "agents_rostered": pa.array(desk.agents.ravel(), from_pandas=True),
            "gap": pa.array(np.where(known, needed - desk.agents, np.nan).ravel(), from_pandas=True),
            "agents_needed_with_bot": with_bot.ravel(),
        }
    )


def _dates(day: Day, offsets: NDArray[np.int64]) -> NDArray[np.datetime64]:
    return np.datetime64(day.as_of) + offsets + 1
