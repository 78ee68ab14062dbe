"""Which months of a mart are out of date, read from the Delta logs of its feeds.

The idea: the log names every data file with the range of its dates. The files that a mart was built from are kept in
`mart_state`; what was added or removed since then tells the months to build again. Nothing depends on a step having
been told what another did, so a run that was killed between the two simply finds more to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from pipelines.contracts.feeds import feeds
from pipelines.defs.marts.build import FEEDS_OF_MART, WHOLE_HISTORY, months_between
from pipelines.lake import Lake


@dataclass(frozen=True)
class FeedFile:
    """A data file of a feed, with the range of dates that a mart takes from it."""

    feed: str
    path: str
    first: date | None
    last: date | None


def files_of(lake: Lake, mart: str) -> list[FeedFile]:
    """Data files of the feeds that a mart is made from."""
    found: list[FeedFile] = []
    for feed in FEEDS_OF_MART[mart]:
        delta = lake.delta(feed)
        if delta is None:
            continue
        # A version of an order or product counts from the day it was known; other rows belong to their own date.
        column = "known_on" if feed in WHOLE_HISTORY.get(mart, ()) else feeds()[feed].row_date
        actions = pa.table(delta.get_add_actions(flatten=True)).to_pylist()
        found += [_file(feed, action, column) for action in actions]
    return found


def _file(feed: str, action: dict[str, Any], column: str) -> FeedFile:
    last = action.get(f"max.{column}")
    # Statistics of timestamps are cut to milliseconds, so the last moment of a day may lie a day further.
    margin = timedelta(days=1) if isinstance(last, datetime) else timedelta(0)
    last_on = _day(last)
    return FeedFile(feed, action["path"], _day(action.get(f"min.{column}")), last_on + margin if last_on else None)


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def stale_months(built_from: Iterable[FeedFile], now: Iterable[FeedFile], mart: str) -> list[str]:
    """Months of a mart that files added or removed since the last build have touched.

    Files without date statistics touch every month that any file holds.
    """
    now = list(now)
    changed = set(built_from) ^ set(now)
    if not changed:
        return []
    newest = max((file.last for file in now if file.last), default=None)
    oldest = min((file.first for file in now if file.first), default=None)
    months: set[str] = set()
    for file in changed:
        first, last = file.first or oldest, file.last or newest
        if file.feed in WHOLE_HISTORY.get(mart, ()):
            last = newest  # an order stays open, and a product listed, until news of it
        if first is not None and last is not None:
            months.update(months_between(first, min(last, newest or last)))
    return sorted(months)


def first_stale_day(built_from: Iterable[FeedFile], now: Iterable[FeedFile]) -> date | None:
    """Earliest date in files added or removed since the last build; None when a file does not say its dates."""
    firsts = [file.first for file in set(built_from) ^ set(now)]
    return None if None in firsts else min((first for first in firsts if first), default=None)


def state_table(mart: str, files: Iterable[FeedFile]) -> pa.Table:
    """Rows of `mart_state` for a mart."""
    rows = [
        {"mart": mart, "feed": file.feed, "path": file.path, "first_on": file.first, "last_on": file.last}
        for file in files
    ]
    schema = pa.schema(
        [("mart", pa.string()), ("feed", pa.string()), ("path", pa.string()), ("first_on", pa.date32()),
         ("last_on", pa.date32())]
    )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def built_files(lake: Lake, mart: str) -> list[FeedFile]:
    """Files that a mart was last built from."""
    rows = lake.read("mart_state", where=f"mart = '{mart}'").to_pylist()
    return [FeedFile(row["feed"], row["path"], row["first_on"], row["last_on"]) for row in rows]
