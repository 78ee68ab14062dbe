"""The day's job and its schedule; what belongs to the night is left out of the day."""

from datetime import timedelta

import dagster as dg

from pipelines.workspace import Workspace

CONFIG = Workspace.at().config

# Asks Prophet itself, which takes its time; see oracle_job.py.
NIGHTLY = dg.AssetSelection.checks(dg.AssetCheckKey(dg.AssetKey("volume_forecast"), "prophet_agrees"))

day_job = dg.define_asset_job(
    "day",
    selection=dg.AssetSelection.all() - NIGHTLY,
    description="Takes in what is new, navigates the day, publishes and notifies.",
)


@dg.schedule(
    job=day_job,
    cron_schedule=f"0 {CONFIG.run_hour} * * *",
    execution_timezone=CONFIG.timezone,
    description="Navigates yesterday at the configured hour of the platform's zone.",
)
def day_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Request the run of the day that has just ended."""
    day = (context.scheduled_execution_time.astimezone(CONFIG.zone) - timedelta(days=1)).date().isoformat()
    return dg.RunRequest(run_key=day, partition_key=day)
