"""The night's comparison with Prophet: a job and a schedule of its own, so that the day's job never waits for it."""

import dagster as dg

from pipelines.job import CONFIG, NIGHTLY

HOURS_BEFORE_THE_RUN = 4

oracle_job = dg.define_asset_job(
    "prophet_check",
    selection=NIGHTLY,
    executor_def=dg.in_process_executor,  # it only reads, so that no run need wait for it
    description="Holds the batched fit of Prophet's model against Prophet itself, on some merchants.",
)


@dg.schedule(
    job=oracle_job,
    cron_schedule=f"0 {(CONFIG.run_hour - HOURS_BEFORE_THE_RUN) % 24} * * *",
    execution_timezone=CONFIG.timezone,
    description="By night, hours before the day's run; judges the newest day that has been forecast.",
)
def oracle_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Request the comparison once a night."""
    return dg.RunRequest(run_key=f"prophet-{context.scheduled_execution_time.astimezone(CONFIG.zone).date()}")
