"""A table as the forecast needs it: checked, counted, and laid down by series in an engine's own file on disk.

The idea: rows come in any order and may be more than fit into memory; sorted by series on disk, a block of series is
one range. Whatever is not used is counted and told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from models.forecasting.policy import ForecastPolicy
from pipelines.contracts.wording import shown
from pipelines.own_table.columns import ROLES, Columns, OwnTableError
from pipelines.own_table.mistakes import SHOWN, check_rows, run_sql
from pipelines.own_table.opening import Source, open_source, told

ISO = "%Y-%m-%d"
ALL = "all"  # name of the series of a table without a column for it
MEMORY_LIMIT = "1500MB"
MOST_GROUPS = 1000
NEWEST_DAYS = 1100  # days before the last value that are learned from: three years


@dataclass(frozen=True)
class OwnTable:
    """A checked table.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Holds the tables `series` and `days`.
    first_on, last_on : date
        First and last day that are learned from; the last one has a value.
    series : int
    whole : bool
        Every value is a whole number.
    notes : tuple of str
        What was read and what is not used, for a person.
    """

    connection: duckdb.DuckDBPyConnection
    first_on: date
    last_on: date
    series: int
    whole: bool
    notes: tuple[str, ...]

    @property
    def history(self) -> int:
        """Days that are learned from."""
        return (self.last_on - self.first_on).days + 1


@contextmanager
def read_table(
    source: Source, columns: Columns, policy: ForecastPolicy, horizon: int, date_format: str = ""
) -> Iterator[OwnTable]:
    """Read and check a table; what it holds lies in a temporary folder until the block ends.

    Raises
    ------
    OwnTableError
        Says what is wrong, where, and how to mend it.
    """
    with TemporaryDirectory(prefix="merchant-gps-table-") as folder:
        connection = duckdb.connect(str(Path(folder) / "table.duckdb"))
        try:
            connection.execute("SET memory_limit = $limit", {"limit": MEMORY_LIMIT})
            connection.execute("SET temp_directory = $folder", {"folder": folder})
            connection.execute("SET TimeZone = 'UTC'")
            yield _read(connection, source, columns, policy, horizon, date_format)
        finally:
            connection.close()


def _read(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    columns: Columns,
    policy: ForecastPolicy,
    horizon: int,
    date_format: str,
) -> OwnTable:
    open_source(connection, source, columns, ROLES)
    with told(source.path):
        run_sql(
            connection,
            "typed.sql",
            one_series=columns.series is None,
            all_name=ALL,
            own_format=bool(date_format),
            date_format=date_format or ISO,
            promotion_least=policy.factors.promotion_least,
        )
    _check_complete(connection, source)
    check_rows(connection, source, columns)
    extent = _extent(connection, horizon)
    first_on, last_on = _bounds(source, columns, extent, policy)
    run_sql(connection, "series.sql", last_on=last_on, silent_days=policy.history.silent_days)
    _check_series(connection, source, columns)
    run_sql(
        connection, "days.sql", first_on=first_on, last_on=last_on, until=last_on + timedelta(days=horizon),
        usual_days=policy.factors.price_usual_days,
    )  # fmt: skip
    notes = (*_what_was_read(columns, extent), *_what_is_left_out(connection, extent, first_on, horizon, policy))
    connection.execute("DROP TABLE given")
    series = _one(connection, "SELECT count(*) FROM series")
    return OwnTable(connection, first_on, last_on, series, bool(extent["whole"]), notes)


def _one(connection: duckdb.DuckDBPyConnection, sql: str, **parameters: Any) -> Any:
    row = connection.execute(sql, parameters or None).fetchone()
    assert row is not None
    return row[0]


def _check_complete(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    rows = _one(connection, "SELECT count(*) FROM given")
    if rows != source.records:
        raise OwnTableError(
            f"{source.path}: {rows:,} rows can be read where plain counting finds {source.records:,}; a quote that "
            "is not closed or text that is not UTF-8 hides the others: save it as UTF-8 with quotes inside text doubled"
        )


def _extent(connection: duckdb.DuckDBPyConnection, horizon: int) -> dict[str, Any]:
    found = run_sql(connection, "extent.sql", horizon=horizon)
    names = [column[0] for column in found.description or ()]
    row = found.fetchone()
    assert row is not None
    return dict(zip(names, row, strict=True))


def _bounds(source: Source, columns: Columns, extent: dict[str, Any], policy: ForecastPolicy) -> tuple[date, date]:
    """First and last day to learn from."""
    if extent["first_on"] is None:
        raise OwnTableError(f"{source.path}: column {shown(columns.value)} holds no value at all; is it the right one?")
    first_on, last_on, before = extent["first_on"], extent["last_on"], extent["before_last_on"]
    silent = policy.history.silent_days
    if before is not None and (last_on - before).days > silent:
        raise OwnTableError(
            f"{source.path}: the newest value is of {last_on}, {(last_on - before).days} days after the one before it "
            f"({before}); mend the date, or leave the row out if it is a slip of the pen"
        )
    first_on = max(first_on, last_on - timedelta(days=NEWEST_DAYS - 1))
    span, least = (last_on - first_on).days + 1, policy.history.least_days
    if span < least or extent["days"] < least:
        raise OwnTableError(
            f"{source.path}: {extent['days']} days with values ({first_on} to {last_on}) are too short a history; "
            f"deliver at least {least} days, better a year"
        )
    return first_on, last_on


def _check_series(connection: duckdb.DuckDBPyConnection, source: Source, columns: Columns) -> None:
    torn = connection.execute(
        "SELECT series, grp, other_group, count(*) OVER () FROM series WHERE groups > 1 ORDER BY place LIMIT $shown",
        {"shown": SHOWN},
    ).fetchall()
    if torn:
        first = ", ".join(f"{shown(name)}: {shown(one)} and {shown(other)}" for name, one, other, _ in torn)
        raise OwnTableError(
            f"{source.path}: {torn[0][3]:,} series stand in more than one group (column {shown(columns.group or '')}); "
            f"the first: {first}; give each series one group, or leave groups out with --group none"
        )
    groups = _one(connection, "SELECT count(DISTINCT grp) FROM series")
    if groups > MOST_GROUPS:
        raise OwnTableError(
            f"{source.path}: column {shown(columns.group or '')} holds {groups:,} groups; groups are what many series "
            f"have in common, at most {MOST_GROUPS:,}: name a coarser column with --group, or --group none"
        )
    if not _one(connection, "SELECT count(*) FROM series WHERE lately > 0"):
        raise OwnTableError(f"{source.path}: no series has a value in the last days; nothing can be forecast")


def _what_was_read(columns: Columns, extent: dict[str, Any]) -> Iterator[str]:
    named = {role: columns.of(role) for role in ROLES}
    yield "columns: " + ", ".join(f"{role} {shown(name)}" for role, name in named.items() if name)
    if columns.series is None:
        yield f"no column names series: the table is one series, called {ALL!r} (--series NAME if it is not)"
    yield f"{extent['rows']:,} rows read, {extent['known']:,} with a value, {extent['first_on']} to {extent['last_on']}"
    kind = "whole numbers: taken as counts" if extent["whole"] else "not whole: taken as money or another measured size"
    yield f"values are {kind}"


def _what_is_left_out(
    connection: duckdb.DuckDBPyConnection,
    extent: dict[str, Any],
    first_on: date,
    horizon: int,
    policy: ForecastPolicy,
) -> Iterator[str]:
    old = _one(connection, "SELECT count(value) FROM given WHERE day < CAST($first AS DATE)", first=first_on)
    if old:
        yield f"{old:,} values before {first_on} are older than {NEWEST_DAYS:,} days and not used"
    if extent["unknown"]:
        yield f"{extent['unknown']:,} rows up to {extent['last_on']} have no value: not known, never taken as zero"
    if extent["closed_values"]:
        yield f"{extent['closed_values']:,} values stand on days marked as closed and are not used"
    if extent["ahead"]:
        yield f"{extent['ahead'] - extent['beyond']:,} rows after {extent['last_on']} say what is planned"
    if extent["beyond"]:
        yield f"{extent['beyond']:,} rows lie more than {horizon} days ahead and are not used"
    silent = policy.history.silent_days
    yield from _series_note(connection, "known = 0", "have no value at all: no forecast")
    yield from _series_note(
        connection, "known > 0 AND lately = 0", f"have no value in the last {silent} days: no forecast"
    )
    least = policy.history.least_days
    yield from _series_note(
        connection,
        f"lately > 0 AND known < {least}",
        f"have fewer than {least} values: their forecast leans on the other series",
    )


def _series_note(connection: duckdb.DuckDBPyConnection, where: str, what: str) -> Iterator[str]:
    rows = connection.execute(
        f"SELECT series, count(*) OVER () FROM series WHERE {where} ORDER BY place LIMIT {SHOWN}"
    ).fetchall()
    if rows:
        more = ", ..." if rows[0][1] > len(rows) else ""
        yield f"{rows[0][1]:,} series {what} ({', '.join(shown(name) for name, _ in rows)}{more})"
