"""One run of the day's job on the workspace's Dagster instance: what `merchant-gps run` and the UI share."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Sequence
from datetime import date, datetime

import dagster as dg
from rich.markup import escape

from pipelines import run_log
from pipelines.advice import advice
from pipelines.day import Day
from pipelines.locks import RUN, held
from pipelines.newest_day import newest_complete_day
from pipelines.object_storage import check
from pipelines.past import past_built_once
from pipelines.run_log import logged
from pipelines.scratch import sweep
from pipelines.shell import console, harmless, progress_bar
from pipelines.steps import steps_of_calculation
from pipelines.workspace import Workspace

COMPLAINTS_SHOWN = 10
# The terminal shows one line that moves; every event of the run stands in the UI.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
# Runs of the command, of which one at a time holds the run lock.
LOCKED = {"merchant-gps/lock": "run.lock"}


class RunFailedError(ValueError):
    """A run that did not end well; says which step and why."""


def ingest_all(workspace: Workspace, until: date | None = None) -> None:
    """Take in what has landed and bring the marts up to date."""
    from pipelines.defs.feeds.step import feeds
    from pipelines.defs.marts.step import update_mart

    check(workspace.lake.root)
    check(workspace.config.publishing.copy_to)
    sweep(workspace)  # what killed runs left
    with progress_bar("feeds") as progress:
        report = feeds(workspace, until=until, progress=progress)
        for mart in ("merchant_day", "sku_day"):
            update_mart(workspace, mart, progress)
    _complain(report.complaints)


def _complain(complaints: Sequence[str]) -> None:
    """Say what somebody should mend; everything stands in `ingested_files` and `rejected_rows`."""
    for complaint in complaints[:COMPLAINTS_SHOWN]:
        console.print(f"[yellow]check:[/yellow] {escape(harmless(complaint))}", soft_wrap=True)
    if len(complaints) > COMPLAINTS_SHOWN:
        console.print(f"... and {len(complaints) - COMPLAINTS_SHOWN} more, in the table ingested_files")


def run_day(workspace: Workspace, day: date | None) -> str:
    """Run the day's job and return what was made and where it lies.

    Parameters
    ----------
    day
        None: the newest day whose sales feed is complete.

    Raises
    ------
    RunFailedError
        When a step failed, or the day lies before the workspace's first one or too far ahead of the clock.
    LockHeldError
        When another run is under way.
    """
    if day:
        _check_navigable(workspace, day)
    with held(workspace, RUN):
        ingest_all(workspace)
        day = day or newest_complete_day(workspace)
        _check_navigable(workspace, day)
        return _run_with_missing(workspace, day)


def calculate_day(workspace: Workspace, day: date) -> None:
    """Take in what has landed and calculate a day that the next is compared with: no pages, no messages, no Dagster.

    Raises
    ------
    LockHeldError
        When another run is under way.
    """
    with held(workspace, RUN):
        ingest_all(workspace)
        run_id = str(uuid.uuid4())
        with console.status(f"calculating {day}") as status, past_built_once(workspace, day):
            _narrate(status, f"calculating {day}")
            for step in steps_of_calculation():
                logged(Day(workspace, day), step.name, run_id, step.run)


def _check_navigable(workspace: Workspace, day: date) -> None:
    """Say what to do about days of long ago, and about a clock that was set back, before Dagster knows no such day."""
    config, file = workspace.config, workspace.home / "config.yaml"
    if day < config.start_on:
        raise RunFailedError(
            f"{day} lies before the first day that can be navigated ({config.start_on}); "
            f"set start_on in {file} to that day or an earlier one"
        )
    now = datetime.now(config.zone)
    if day > config.last_day(now):
        raise RunFailedError(
            f"{day} lies more than {config.partition_days_ahead} days after today, which this machine's clock says is "
            f"{now.date()}; if the clock is wrong, set it (`date`), else raise partition_days_ahead in {file}"
        )


def _run_with_missing(workspace: Workspace, day: date) -> str:
    """Run the days that were passed over first, because alerts go on from the day before."""
    from pipelines.defs.alerting.previous import missing_days

    for missing in missing_days(Day(workspace, day)):
        console.print(f"{missing} was not navigated; navigating it first")
        _run(workspace, missing)
    return _run(workspace, day)


def _run(workspace: Workspace, day: date) -> str:
    from pipelines.run_summary import summary

    job = _day_job()
    with dg.DagsterInstance.get() as instance, console.status(f"navigating {day}") as status:
        _narrate(status, f"navigating {day}")
        _close_dead_runs(instance)
        with past_built_once(workspace, day):
            result = job.execute_in_process(
                instance=instance, partition_key=day.isoformat(), raise_on_error=False, run_config=QUIET, tags=LOCKED
            )
    if not result.success:
        raise RunFailedError(_what_failed(result))
    return summary(workspace, day)


def _day_job() -> dg.JobDefinition:
    with warnings.catch_warnings():
        # Dagster copies its own run-failure sensor with a beta argument, and only when a job is resolved.
        warnings.simplefilter("ignore", dg.BetaWarning)
        from pipelines.definitions import defs

        return defs.resolve_job_def("day")


def _close_dead_runs(instance: dg.DagsterInstance) -> None:
    """Say in Dagster that runs of killed processes are over: whoever holds the run lock knows that no other has it."""
    going_on = [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
    for run in instance.get_runs(filters=dg.RunsFilter(tags=LOCKED, statuses=going_on)):
        instance.report_run_failed(run, message="its process was killed; a later run of the command found it so")


def _narrate(status: object, doing: str) -> None:
    """Say on the terminal which step runs."""
    run_log.listeners[:] = [lambda step: status.update(f"{doing}: {step}")]  # type: ignore[attr-defined]


def _what_failed(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause if error and error.cause else error
            reason = (cause.message if cause else event.message or "").strip()
            what = advice(reason) or f"the whole trace stands in `merchant-gps dev` under run {result.run_id}"
            return f"step {event.step_key} failed: {reason}\n{what}"
    return "the run failed before its first step; see `merchant-gps dev`"
