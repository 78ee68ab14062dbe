"""Which day to navigate when none is named: the newest whose sales are complete.

A day whose files are still arriving would look like a platform-wide drop; so a day counts only when nearly as many
merchants have reported as on the days before it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.contracts.feeds import feeds
from pipelines.lake import Lake
from pipelines.views import open_views
from pipelines.workspace import Workspace

# The feeds that can carry a day, in order of preference; at least one of them must be delivered.
CARRYING = ("sales", "stock", "service")


class NoCompleteDayError(LookupError):
    """No day can be navigated."""


def newest_complete_day(workspace: Workspace) -> date:
    """Return the newest day on which the carrying feed is complete.

    Raises
    ------
    NoCompleteDayError
        When no carrying feed has been taken in, or none of its days is complete.
    """
    lake = workspace.lake
    feed = next((name for name in CARRYING if lake.exists(name)), None)
    if feed is None:
        raise NoCompleteDayError(
            f"none of the feeds {', '.join(CARRYING)} has been taken in; "
            f"put files into {workspace.landing}/<feed>/<YYYY-MM-DD>.parquet or .csv, or run: merchant-gps simulate"
        )
    day = _newest(lake, feed, workspace.config.complete_share)
    if day is None:
        raise NoCompleteDayError(f"feed {feed}: no day has rows of enough merchants; name one with --day")
    return day


def _newest(lake: Lake, feed: str, share: float) -> date | None:
    sql = Path(__file__).with_name("newest_day.sql").read_text(encoding="utf-8")
    with open_views(lake, [feed]) as connection:
        connection.execute(
            f'CREATE TEMP VIEW carrying AS SELECT merchant_id, {feeds()[feed].row_date} AS date FROM "{feed}"'
        )
        row = connection.execute(sql, {"share": share}).fetchone()
    return row[0] if row else None
