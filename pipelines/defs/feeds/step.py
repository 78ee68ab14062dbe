"""Take in what has landed, and stop the run only where nothing could be navigated.

A feed that is late, broken or missing turns its legs grey and no more. Without merchants there is nobody to navigate,
and without any of sales, stock and service there is nothing to say about them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pipelines.contracts.ingest import Progress, ingest
from pipelines.contracts.report import IngestReport
from pipelines.lake import Lake
from pipelines.workspace import Workspace

ONE_OF = ("sales", "stock", "service")


class FeedsMissingError(ValueError):
    """The feeds without which no merchant can be navigated are missing; says which, where and what to do."""


def feeds(
    workspace: Workspace,
    names: Iterable[str] | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Read what is new of all feeds (or of those named) into the lake, and make sure that a run can follow.

    Raises
    ------
    FeedsMissingError
        When the lake then holds no merchants, or none of sales, stock and service.
    """
    report = ingest(workspace, names, until, progress)
    require_merchants(workspace)
    require_one_of_core(workspace)
    return report


def require_merchants(workspace: Workspace) -> None:
    """Stop where nobody could be navigated."""
    if not _has_rows(workspace.lake, "merchants"):
        raise FeedsMissingError(
            f"no merchants are known: {workspace.landing / 'merchants'} holds no file that could be read; deliver "
            f"merchants/YYYY-MM-DD.csv (or .csv.gz, .parquet) with the columns of the contract, then run again"
            f"{_aside(workspace, ('merchants',))}"
        )


def require_one_of_core(workspace: Workspace) -> None:
    """Stop where nothing could be said about anybody."""
    if not any(_has_rows(workspace.lake, feed) for feed in ONE_OF):
        raise FeedsMissingError(
            f"none of the feeds {', '.join(ONE_OF)} has a row: {workspace.landing} holds no file of them that could be "
            f"read; deliver at least one of them, then run again{_aside(workspace, ONE_OF)}"
        )


def _has_rows(lake: Lake, feed: str) -> bool:
    return bool(lake.files(feed))


def _aside(workspace: Workspace, names: Iterable[str]) -> str:
    """Say what was put aside, because that is most likely why."""
    listed = ", ".join(f"'{name}'" for name in names)
    where = f"status = 'quarantined' AND feed IN ({listed})"
    messages = workspace.lake.read("ingested_files", ["message"], where=where).column("message").to_pylist()
    return "".join(f"\n  {message}" for message in messages[:3])
