"""The night's job asks Prophet and nothing else; the day's job does not wait for it."""

from datetime import datetime

import dagster as dg

from pipelines.definitions import defs
from pipelines.defs.forecasts.oracle import ASSET, NAME
from pipelines.job import CONFIG
from pipelines.oracle_job import oracle_schedule


def nodes(job):
    return {node.name for node in defs.resolve_job_def(job).nodes}


def test_prophet_is_asked_by_night_only():
    assert nodes("prophet_check") == {f"{ASSET}_{NAME}"}
    assert not nodes("prophet_check") & nodes("day")
    assert "forecast_checks" in nodes("day")


def test_the_night_is_before_the_run_in_the_zone_of_the_platform():
    assert oracle_schedule.cron_schedule == f"0 {(CONFIG.run_hour - 4) % 24} * * *"
    assert oracle_schedule.execution_timezone == CONFIG.timezone
    assert oracle_schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    moment = datetime(2026, 11, 12, 2, tzinfo=CONFIG.zone)
    asked = oracle_schedule(dg.build_schedule_context(scheduled_execution_time=moment))
    assert asked.run_key == "prophet-2026-11-12"


def test_it_runs_beside_a_run():
    assert defs.resolve_job_def("prophet_check").executor_def is dg.in_process_executor
