"""Edges of the calendar: a platform's day is its zone's day, also where the clock jumps, and on 29 February."""

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.contracts.feeds import feeds
from pipelines.contracts.ingest import ingest
from pipelines.newest_day import newest_complete_day
from pipelines.workspace import Workspace

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parents[2]
LEAP = date(2024, 2, 29)
NAMES = [f"m{number}" for number in range(20)]
# What Dagster makes of a workspace's settings, in a process of its own because they are read when it is imported.
ASK = """
import sys
from datetime import datetime
from zoneinfo import ZoneInfo
import dagster as dg
from dagster._utils.schedules import schedule_execution_time_iterator
from pipelines.defs.common import DAILY
from pipelines.job import CONFIG, day_schedule
moment = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=ZoneInfo("UTC"))
keys = DAILY.get_partition_keys(current_time=moment)
ticks = schedule_execution_time_iterator(
    moment.timestamp(), day_schedule.cron_schedule, day_schedule.execution_timezone, ascending=True
)
print(len(keys), len(set(keys)), keys[0], keys[-1])
for _ in range(3):
    tick = next(ticks)
    context = dg.build_schedule_context(scheduled_execution_time=tick)
    print(tick.astimezone(CONFIG.zone).isoformat(), day_schedule(context).partition_key)
"""


def ask(home, zone, start, moment, run_hour=6):
    (home / "config.yaml").write_text(
        f"timezone: {zone}\nstart_on: {start}\nrun_hour: {run_hour}\npartition_days_ahead: 0\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MERCHANT_GPS_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", ASK, moment], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, *ticks = done.stdout.splitlines()
    return first.split(), [tick.split() for tick in ticks]


def days(first, last):
    return str((last - first).days + 1)


@pytest.mark.parametrize(
    ("zone", "moment", "newest"),
    [
        ("Asia/Shanghai", "2026-11-11T15:59:59", date(2026, 11, 10)),  # still the eleventh in Shanghai
        ("Asia/Shanghai", "2026-11-11T16:00:01", date(2026, 11, 11)),
        ("America/Sao_Paulo", "2026-11-12T02:59:59", date(2026, 11, 10)),
        ("America/Sao_Paulo", "2026-11-12T03:00:01", date(2026, 11, 11)),
    ],
)
def test_a_day_can_be_navigated_from_the_zones_midnight_on(tmp_path, zone, moment, newest):
    start = date(2026, 10, 1)
    (count, distinct, first, last), ticks = ask(tmp_path, zone, start, moment)
    assert (first, last) == (str(start), str(newest))
    assert count == distinct == days(start, newest)
    now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    for tick, partition in ticks:  # at six of the zone's clock, the day that has just ended
        at = datetime.fromisoformat(tick)
        assert (at.hour, at.minute) == (6, 0)
        assert at > now
        assert partition == str(at.date() - timedelta(days=1))


@pytest.mark.parametrize(
    ("zone", "start", "moment", "newest"),
    [
        ("America/New_York", date(2026, 3, 1), "2026-03-12T12:00:00", date(2026, 3, 11)),  # 8 March has 23 hours
        ("America/New_York", date(2026, 10, 25), "2026-11-05T12:00:00", date(2026, 11, 4)),  # 1 November has 25
        ("America/Sao_Paulo", date(2018, 11, 1), "2018-11-10T12:00:00", date(2018, 11, 9)),  # 4 November began at one
        ("Asia/Shanghai", date(2028, 2, 20), "2028-03-02T12:00:00", date(2028, 3, 1)),  # a leap year
    ],
)
def test_no_day_is_missing_or_twice_where_the_clock_jumps_and_in_a_leap_year(tmp_path, zone, start, moment, newest):
    (count, distinct, first, last), _ = ask(tmp_path, zone, start, moment)
    assert (first, last) == (str(start), str(newest))
    assert count == distinct == days(start, newest)


@pytest.mark.parametrize("moment", ["2026-03-07T12:00:00", "2026-10-31T12:00:00"])
def test_the_schedule_runs_once_a_day_at_an_hour_that_is_missing_or_comes_twice(tmp_path, moment):
    for hour in (1, 2):
        _, ticks = ask(tmp_path, "America/New_York", date(2026, 3, 1), moment, run_hour=hour)
        partitions = [date.fromisoformat(partition) for _, partition in ticks]
        assert partitions == [partitions[0] + timedelta(days=number) for number in range(3)]


def land(home, feed, day, rows):
    """A file of a feed; what a row does not say is empty."""
    folder = home / "landing" / feed
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(feeds()[feed].columns)
    lines = [",".join(str(row.get(column, "")) for column in columns) for row in rows]
    (folder / f"{day}.csv").write_text("\n".join([",".join(columns), *lines]) + "\n")


@pytest.fixture
def platform(tmp_path):
    (tmp_path / "config.yaml").write_text("timezone: America/New_York\n")
    land(tmp_path, "merchants", "2026-01-01", [{"merchant_id": name, "status": "open"} for name in NAMES])
    return tmp_path


def service_hours(home, day, hours, sessions):
    places = list(enumerate(hours))
    row = {"date": day, "phase": "pre_sale", "human_sessions": 0, "handle_seconds": 0}
    rows = [
        {**row, "merchant_id": name, "hour": hour, "sessions": sessions(place)}
        for name in NAMES
        for place, hour in places
    ]
    land(home, "service_hour", day, rows)


def test_a_day_of_23_hours_has_no_row_for_the_hour_that_was_not(platform):
    service_hours(platform, "2026-03-08", [0, 1, *range(3, 24)], lambda _: 5)
    report = ingest(Workspace.at(platform))
    assert report.feeds["service_hour"].rejected == 0
    found = Workspace.at(platform).lake.read("service_hour", ["hour", "sessions"]).to_pylist()
    assert len(found) == 20 * 23
    assert {row["hour"] for row in found} == set(range(24)) - {2}  # not known, and not 0


def test_an_hour_told_twice_with_two_values_is_put_aside_and_its_sum_is_taken(platform):
    """On a day of 25 hours both hours from one to two have one key; a platform delivers their sum."""
    hours = [0, 1, *range(1, 24)]
    service_hours(platform, "2026-11-01", hours, lambda place: 5 + place)
    workspace = Workspace.at(platform)
    report = ingest(workspace).feeds["service_hour"]
    assert report.read == 20 * 25
    assert report.accepted == 0, "a file in which every merchant contradicts itself is put aside whole"
    told = workspace.lake.read("ingested_files", ["message"], "feed = 'service_hour'").column("message").to_pylist()
    assert any("hour" in message for message in told)
    service_hours(platform, "2026-11-01", range(24), lambda place: 5)  # mended: one row an hour
    assert ingest(workspace).feeds["service_hour"].accepted == 20 * 24


def test_the_newest_complete_day_is_the_29th_of_february(platform):
    for offset in range(-2, 2):
        day = LEAP + timedelta(days=offset)
        names = NAMES if day <= LEAP else NAMES[:3]  # 1 March is still arriving
        sold = {"date": day, "sku_id": "a", "order_lines": 1, "units": 1, "gmv": 9}
        land(platform, "sales", day, [{**sold, "merchant_id": name} for name in names])
    workspace = Workspace.at(platform)
    ingest(workspace)
    assert newest_complete_day(workspace) == LEAP
