"""Retention, compaction and vacuum: what keeps the lake small and fast.

Rows older than a table's retention are deleted, small files of feeds and logs are put together, and files that no
version of the last week needs are removed.
"""

from __future__ import annotations

from datetime import date, timedelta

from pipelines.contracts.feeds import feeds
from pipelines.defs.marts.build import FEEDS_OF_MART
from pipelines.defs.marts.changes import built_files, files_of, stale_months, state_table
from pipelines.lake import Lake
from pipelines.locks import INGEST, RUN, held
from pipelines.near_files import forget
from pipelines.newest_day import newest_complete_day
from pipelines.object_storage import is_remote
from pipelines.tables import tables
from pipelines.workspace import Workspace

VACUUM_HOURS = 168  # a week: longer than any reader holds on to an old version
WAIT_SECONDS = 3600  # longer than a day's run of a large platform
SMALL_FILES = 24  # more files than this in a feed are put together


def maintain_between_runs(workspace: Workspace) -> dict[str, dict[str, int]]:
    """Maintain the live lake while no run and no ingest goes on; waits for one that does.

    Raises
    ------
    LockHeldError
        When a run or an ingest does not end within an hour.
    """
    with (
        held(workspace, RUN, WAIT_SECONDS),
        held(workspace, INGEST, WAIT_SECONDS, "another process takes in files and"),
    ):
        return maintain(workspace.lake, newest_complete_day(workspace))


def maintain(lake: Lake, newest: date) -> dict[str, dict[str, int]]:
    """Apply retention, compact and vacuum; return what was done per table.

    Parameters
    ----------
    newest
        The newest day that was navigated; ages count from here, not from the machine's clock.
    """
    done: dict[str, dict[str, int]] = {}
    settled = {mart: not stale_months(built_files(lake, mart), files_of(lake, mart), mart) for mart in FEEDS_OF_MART}
    for name in [*feeds(), *tables()]:
        delta = lake.delta(name)
        if delta is None:
            continue
        report = {"deleted": _expire(lake, name, newest), "compacted": 0, "vacuumed": 0}
        delta = lake.delta(name) or delta
        if len(delta.file_uris()) > SMALL_FILES and not _by_day(name):
            report["compacted"] = int(delta.optimize.compact()["numFilesRemoved"])
        # Full: files that a killed run wrote and never committed stand in no log.
        report["vacuumed"] = len(delta.vacuum(retention_hours=VACUUM_HOURS, dry_run=False, full=True))
        done[name] = report
    _keep_state(lake, settled)
    if lake.cache and is_remote(lake.root):
        forget(lake.root, lake.cache, [path for name in done for path in lake.files(name)])
    return done


def _by_day(name: str) -> bool:
    known = tables().get(name)
    return known is not None and known.layout == "day"


def _expire(lake: Lake, name: str, newest: date) -> int:
    known = tables().get(name)
    if known is None or known.day_column is None or known.retention_days is None:
        return 0
    delta = lake.delta(name)
    if delta is None:
        return 0
    first = newest - timedelta(days=known.retention_days)
    return int(delta.delete(f"{known.day_column} < '{first.isoformat()}'").get("num_deleted_rows") or 0)


def _keep_state(lake: Lake, settled: dict[str, bool]) -> None:
    """Compaction renames the files of feeds; a mart that was up to date before is so still."""
    for mart, up_to_date in settled.items():
        if up_to_date and lake.exists(mart):
            lake.replace("mart_state", f"mart = '{mart}'", state_table(mart, files_of(lake, mart)))
