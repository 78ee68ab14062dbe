"""Sensors: new landing files start a run, the outbox is emptied every minute, a failed run is told to on-call."""

import hashlib
from datetime import UTC, date, datetime

import dagster as dg

from pipelines.contracts.landing import newest_delivery as newest_in_landing
from pipelines.defs.common import WorkspaceResource
from pipelines.job import day_job
from pipelines.newest_day import CARRYING
from pipelines.workspace import Workspace


@dg.sensor(job=day_job, minimum_interval_seconds=60, description="Starts a run when new feed files have landed.")
def landing_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request a run of the newest delivered day when the landing folder has changed and been still for a minute."""
    seen = landing_digest(Workspace.at())
    previous, _, built = (context.cursor or "").partition("|")
    context.update_cursor(f"{seen}|{built}")
    if not seen:
        return dg.SkipReason("no files have landed")
    if seen != previous:
        return dg.SkipReason("files are arriving; waiting until they have been still for a minute")
    if seen == built:
        return dg.SkipReason("nothing new since the last run")
    day = newest_delivery(Workspace.at())
    if day is None:
        return dg.SkipReason(f"no file of {', '.join(CARRYING)} is named after its day")
    context.update_cursor(f"{seen}|{seen}")
    return dg.RunRequest(run_key=f"landing-{seen}", partition_key=day.isoformat())


def newest_delivery(workspace: Workspace) -> date | None:
    """Newest day of delivery among the files of the feeds that can carry a day."""
    return newest_in_landing(workspace.landing, list(CARRYING), latest=workspace.config.last_day(datetime.now(UTC)))


def landing_digest(workspace: Workspace) -> str:
    """Digest of the names, sizes and times of all landed files; empty when there are none.

    Feedback is left out: what people answer takes effect at once and asks for no run.
    """
    digest = hashlib.sha256()
    found = False
    for path in sorted(workspace.landing.glob("*/*")):
        if path.is_file() and not path.name.startswith(".") and path.parent.name != "feedback":
            status = path.stat()
            digest.update(f"{path.parent.name}/{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
            found = True
    return digest.hexdigest()[:24] if found else ""


@dg.op(description="Sends what waits in the outbox.")
def deliver_op(context: dg.OpExecutionContext, workspace: WorkspaceResource) -> None:
    """Empty the outbox once."""
    from pipelines.defs.alerting.step import deliver_now

    context.log.info(str(deliver_now(workspace.open())))


# It writes the outbox alone, behind a lock of its own, and waits for no run.
@dg.job(description="Sends what waits in the outbox.", executor_def=dg.in_process_executor)
def deliver_job() -> None:
    """Empty the outbox once."""
    deliver_op()


@dg.sensor(
    job=deliver_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Gives signs of life, and starts a delivery when a message is due, unanswered, or late.",
)
def deliver_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Give the heartbeats that are due, and request a delivery when there is anything to tell."""
    from pipelines.defs.alerting.step import heartbeats, waiting

    workspace, now = Workspace.at(), datetime.now(UTC)
    for name, came_of_it in heartbeats(workspace, now).items():
        context.log.info(f"{name}: {came_of_it}")
    return dg.RunRequest() if waiting(workspace, now) else dg.SkipReason("there is nothing to tell")


@dg.run_failure_sensor(description="Tells on-call that a run failed, through the same delivery as alerts.")
def run_failure(context: dg.RunFailureSensorContext) -> None:
    """Put a message about a failed run into the outbox and try to send it."""
    from pipelines.defs.alerting.step import report_run_failure

    key = context.dagster_run.tags.get("dagster/partition")
    report_run_failure(
        Workspace.at(),
        run_id=context.dagster_run.run_id,
        job=context.dagster_run.job_name,
        as_of=date.fromisoformat(key) if key else None,
        reason=context.failure_event.message or "",
        now=datetime.now(UTC),
    )


sensors = [landing_sensor, deliver_sensor, run_failure]
