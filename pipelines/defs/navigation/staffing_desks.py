"""From the feeds and the forecast to service desks as arrays: consultations, what brings them, the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from models.staffing.desk import DRIVERS, LEAD_DAYS, PHASES, Desks, Floats
from models.staffing.policy import StaffingPolicy
from pipelines.asof import create_feed_view
from pipelines.day import Day

HOURS = 24
WEEK_DAYS = 7
TABLES = ("merchants", "merchant_day", "volume_forecast", "roster")


@dataclass(frozen=True)
class Shops:
    """Merchants that have a desk: their ids, desks and rosters.

    Parameters
    ----------
    merchants : array of str (n,)
    agents : (n, h, 24) array
        People on duty; NaN where the hour is not in the roster.
    concurrency : (n,) array
        Chats one of them holds at once.
    """

    merchants: NDArray[np.object_]
    desks: Desks
    agents: Floats
    concurrency: Floats


def open_merchants(day: Day) -> pd.DataFrame:
    """Merchants that are not closed: merchant_id, category, bucket, in order of ids."""
    with day.connect("merchants") as connection:
        merchants: pd.DataFrame = day.query(connection, __file__, "staffing_merchants.sql").to_pandas()
    return merchants


def with_hours(day: Day, merchants: pd.DataFrame) -> pd.DataFrame:
    """Those with hourly consultations in the newest week; all where nobody has any, who then have none to show."""
    first = day.as_of - timedelta(days=WEEK_DAYS - 1)
    with day.connect() as connection:
        create_feed_view(connection, day.lake, "service_hour", day.as_of, from_date=first, to_date=day.as_of)
        told = day.query(connection, __file__, "staffing_told.sql").to_pandas()
    members = merchants[merchants["merchant_id"].isin(told["merchant_id"])]
    return members if len(members) else merchants


def hours_from(day: Day) -> date:
    """First day of hourly consultations that was delivered; the first of all days where no delivery says so."""
    known = f"known_on IS NULL OR known_on <= DATE '{day.as_of.isoformat()}'"
    where = f"feed = 'service_hour' AND status = 'accepted' AND first_on IS NOT NULL AND ({known})"
    first = day.lake.read("ingested_files", ["first_on"], where).column("first_on").to_pylist()
    return min(first, default=date.min)


def read_shops(
    day: Day,
    merchants: pd.DataFrame,
    buckets: Sequence[int] | None,
    codes: dict[str, int],
    policy: StaffingPolicy,
    first: date,
) -> Shops | None:
    """Read the desks of some merchants; None where none of them has hourly consultations.

    Parameters
    ----------
    merchants : DataFrame
        merchant_id and category.
    codes : dict of str -> int
        Codes of the categories; others become -1.
    first : date
        See `hours_from`; on earlier days nobody was quiet.
    """
    since, until = day.as_of - timedelta(days=policy.history_days), day.as_of + timedelta(days=policy.horizon_days)
    lead_from = since - timedelta(days=LEAD_DAYS)
    wanted = pd.DataFrame({"merchant_id": merchants["merchant_id"].to_numpy(), "row": np.arange(len(merchants))})
    with day.connect(*TABLES, buckets=buckets, since=lead_from) as connection:
        connection.register("desk_merchants", wanted)
        create_feed_view(
            connection, day.lake, "service_hour", day.as_of, name="recent_hours", buckets=buckets,
            from_date=since + timedelta(days=1), to_date=day.as_of,
        )  # fmt: skip
        hours = _columns(day.query(connection, __file__, "staffing_sessions.sql", since=since))
        if not len(hours["row"]):
            return None
        spans = {"since": since, "lead_from": lead_from, "until": until, "hours_from": first}
        drivers = _columns(day.query(connection, __file__, "staffing_drivers.sql", **spans))
        roster = day.query(connection, __file__, "staffing_roster.sql", until=until).to_pandas()
    return _shops(merchants, hours, drivers, roster, codes, policy)


def _shops(
    merchants: pd.DataFrame, hours: dict[str, Any], drivers: dict[str, Any], roster: pd.DataFrame,
    codes: dict[str, int], policy: StaffingPolicy,
) -> Shops:  # fmt: skip
    rows = np.unique(hours["row"])
    ids = merchants["merchant_id"].to_numpy(dtype=object)[rows]
    place = np.full(len(merchants), -1)
    place[rows] = np.arange(len(rows))
    series, spread, told = driver_arrays(drivers, place, len(rows), policy)
    category = np.array([codes.get(name, -1) for name in merchants["category"].to_numpy()[rows]], dtype=np.int64)
    human, seconds = np.zeros((len(rows), len(PHASES))), np.zeros((len(rows), len(PHASES)))
    desk = place[hours["row"]], hours["phase"]
    np.add.at(human, desk, hours["human_sessions"])
    np.add.at(seconds, desk, hours["handle_seconds"])
    desks = Desks(category, session_cube(hours, place, told), human, seconds, series, spread)
    return Shops(ids, desks, *roster_arrays(roster, pd.Index(ids), policy))


def session_cube(hours: dict[str, Any], place: NDArray[np.int64], told: NDArray[np.bool_]) -> Floats:
    """Consultations as (merchants, phases, days, 24); NaN on days of which nothing is told."""
    place_of = place[hours["row"]]
    known = told.copy()
    known[place_of, hours["day"]] = True
    cube = np.zeros((len(told), len(PHASES), told.shape[1], HOURS))
    np.add.at(cube, (place_of, hours["phase"], hours["day"], hours["hour"]), hours["sessions"])
    cube[np.broadcast_to(~known[:, None, :], cube.shape[:3])] = np.nan
    return cube


def driver_arrays(
    drivers: dict[str, Any], place: NDArray[np.int64], merchants: int, policy: StaffingPolicy
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Drivers as (merchants, 3, days) from the lead-in to the end, their spread ahead, and the days told of."""
    days, horizon = policy.history_days, policy.horizon_days
    row, day = place[drivers["row"]], drivers["day"] + LEAD_DAYS
    mine = row >= 0
    series = np.full((merchants, len(DRIVERS), LEAD_DAYS + days + horizon), np.nan)
    spread = np.full(series.shape, np.nan)
    for code, name in enumerate(DRIVERS):
        series[row[mine], code, day[mine]] = drivers[name][mine]
        spread[row[mine], code, day[mine]] = drivers[f"{name}_spread"][mine]
    told = np.zeros((merchants, series.shape[2]), dtype=bool)
    told[row[mine], day[mine]] = drivers["told"][mine].astype(bool)
    return series, spread[:, :, LEAD_DAYS + days :], told[:, LEAD_DAYS : LEAD_DAYS + days]


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


def _columns(table: pa.Table) -> dict[str, Any]:
    return {name: table.column(name).to_numpy() for name in table.column_names}
