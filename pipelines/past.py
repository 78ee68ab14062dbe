"""Marts as they were on a day: rows touched later are built again, once for all steps of the day.

A mart holds the newest values. A reader of an earlier day takes the dates that nothing has touched since as they lie,
and the others from a second build out of the feeds as of the day. Nine steps of a day ask for the same dates, so a
run opens the day with `past_built_once`: the first step that asks builds them into a temporary folder, all others read
them there. The mart's files are pinned at that moment, so that a day sees one state of it from its first step to its
last, whatever is taken in meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipelines.engine import connect
from pipelines.lake import Lake
from pipelines.scratch import scratch
from pipelines.views import Pruning, create_view_of_files, in_buckets, kept
from pipelines.workspace import Workspace

MEMORY_LIMIT = "1500MB"  # beyond it the engine spills to disk
# Touched dates nearer to each other than this are built in one go: reading the feeds once more costs more than a week.
GAP_DAYS = 7

Range = tuple[date, date]


@dataclass(frozen=True)
class Rebuilt:
    """A mart on a day: its files then, the dates touched since, and where those were built again."""

    files: list[str]
    touched: tuple[Range, ...] = ()
    folder: Path | None = None
    built: tuple[str, ...] = ()


@dataclass
class Past:
    """Marts of a workspace as of a day, each built when it is first asked for."""

    workspace: Workspace
    as_of: date
    _stack: ExitStack
    _marts: dict[str, Rebuilt] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def mart(self, name: str) -> Rebuilt:
        """The mart as of the day; steps may ask from several threads."""
        with self._lock:
            if name not in self._marts:
                self._marts[name] = self._build(name)
            return self._marts[name]

    def _build(self, name: str) -> Rebuilt:
        from pipelines.defs.marts.build import create_mart_rows_table
        from pipelines.defs.marts.step import blocks_of

        lake = self.workspace.lake
        files = lake.files(name)
        with connect(MEMORY_LIMIT) as connection:
            _view_of_newest(connection, lake, name, files, Pruning(until=self.as_of))
            touched = touched_ranges(connection, _rows(name, self.as_of), self.as_of)
        if not touched:
            return Rebuilt(files)
        folder = self._stack.enter_context(scratch(self.workspace, f"past-{name}"))
        for number, block in enumerate(blocks_of(self.workspace)):
            for first, last in touched:
                with connect(MEMORY_LIMIT) as connection:
                    create_mart_rows_table(connection, lake, name, self.as_of, first, last, block.buckets, "rows")
                    target = str(folder / f"{number}-{first}").replace("'", "''")
                    connection.execute(f"COPY rows TO '{target}' (FORMAT parquet, PARTITION_BY (bucket))")
        return Rebuilt(files, touched, folder, tuple(map(str, sorted(folder.rglob("*.parquet")))))


_OPEN: dict[tuple[str, date], Past] = {}


@contextmanager
def past_built_once(workspace: Workspace, as_of: date) -> Iterator[None]:
    """While this lasts, steps of the day in this process share what one of them built of the past."""
    key = (workspace.lake.root, as_of)
    if key in _OPEN:
        yield
        return
    with ExitStack() as stack:
        _OPEN[key] = Past(workspace, as_of, stack)
        try:
            yield
        finally:
            del _OPEN[key]


def create_mart_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    name: str,
    as_of: date,
    buckets: Sequence[int] | None,
    since: date | None,
) -> None:
    """Create the view `name` of a mart with its rows as known on a day."""
    past = _OPEN.get((lake.root, as_of))
    pruning = Pruning(frozenset(buckets) if buckets is not None else None, since, as_of)
    shared = past.mart(name) if past else Rebuilt(lake.files(name))
    _view_of_newest(connection, lake, name, shared.files, pruning)
    rows = _rows(name, as_of, buckets, since)
    if past:
        touched, built = shared.touched, _shared_views(connection, shared, name, as_of, buckets, since)
    else:
        touched = touched_ranges(connection, rows, as_of)
        built = _built_here(connection, lake, name, as_of, buckets, touched)
    as_they_lie = (
        " AND ".join(f"NOT date BETWEEN DATE '{first}' AND DATE '{last}'" for first, last in touched) or "true"
    )
    parts = [f"SELECT * FROM ({rows}) WHERE {as_they_lie}", *built]
    connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {" UNION ALL BY NAME ".join(parts)}')


def touched_ranges(connection: duckdb.DuckDBPyConnection, rows: str, as_of: date) -> tuple[Range, ...]:
    """Ranges of the dates of which rows have been touched after the day; near ones are put together."""
    query = f"SELECT DISTINCT date FROM ({rows}) WHERE known_on > DATE '{as_of.isoformat()}' ORDER BY date"
    ranges: list[Range] = []
    for (day,) in connection.execute(query).fetchall():
        if ranges and day - ranges[-1][1] <= timedelta(days=GAP_DAYS):
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    return tuple(ranges)


def _view_of_newest(
    connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, files: list[str], pruning: Pruning
) -> None:
    folder, files = lake.near(name, kept(lake.uri(name), files, pruning.keeps))
    create_view_of_files(connection, name, folder, files, f"newest_{name}")


def _rows(name: str, as_of: date, buckets: Sequence[int] | None = None, since: date | None = None) -> str:
    return f'SELECT * FROM "newest_{name}" WHERE {_condition(as_of, buckets, since)}'


def _condition(as_of: date, buckets: Sequence[int] | None, since: date | None) -> str:
    conditions = [f"date <= DATE '{as_of.isoformat()}'"]
    if since is not None:
        conditions.append(f"date >= DATE '{since.isoformat()}'")
    if buckets is not None:
        conditions.append(in_buckets(buckets))
    return " AND ".join(conditions)


def _built_here(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    name: str,
    as_of: date,
    buckets: Sequence[int] | None,
    touched: Sequence[Range],
) -> list[str]:
    from pipelines.defs.marts.build import create_mart_rows_table

    for number, (first, last) in enumerate(touched):
        create_mart_rows_table(connection, lake, name, as_of, first, last, buckets, f"rebuilt_{name}_{number}")
    return [f'SELECT * FROM "rebuilt_{name}_{number}"' for number in range(len(touched))]


def _shared_views(
    connection: duckdb.DuckDBPyConnection,
    shared: Rebuilt,
    name: str,
    as_of: date,
    buckets: Sequence[int] | None,
    since: date | None,
) -> list[str]:
    if shared.folder is None or not shared.built:
        return []
    keeps = Pruning(frozenset(buckets) if buckets is not None else None).keeps
    folder = str(shared.folder)
    create_view_of_files(connection, name, folder, kept(folder, list(shared.built), keeps), f"rebuilt_{name}")
    return [f'SELECT * FROM "rebuilt_{name}" WHERE {_condition(as_of, buckets, since)}']
