"""A database into feeds: `merchant-gps import sql --url-variable NAME --query-file sales.sql`.

The idea: the query is the mapping. A file named after its feed holds one SELECT whose columns are the feed's
(`shop_no AS merchant_id`); a folder of such files is read in one go. What becomes known when:
- with a column `delivered_on`, rows go into the landing file of their day (the query must be ordered by it);
- with `--day D` (which the query can use as `:day`), all rows are the delivery of that day;
- with neither, they are history: the feed's declared maturity dates them, marked as assumed.

Rows are streamed, nothing is written to the database, and files appear only when all queries have ended well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import exc

from pipelines.contracts.feeds import feeds
from pipelines.importers.landing_stream import LandingStream
from pipelines.importers.landing_writer import DELIVERED_ON
from pipelines.importers.report import ImportReport
from pipelines.importers.sql_database import Database, DatabaseError
from pipelines.importers.sql_rows import as_text, check_columns, day_of
from pipelines.workspace import Workspace

CHUNK_ROWS = 20_000
HISTORY = "history-sql.parquet"
DAY = "day"


@dataclass(frozen=True)
class Query:
    """One query file.

    Parameters
    ----------
    path : Path
        The file.
    feed : str
        Feed that its rows belong to.
    statement : sqlalchemy.TextClause
        What is run, with the day bound where it asks for it.
    """

    path: Path
    feed: str
    statement: sa.TextClause


def import_sql(
    workspace: Workspace,
    database: Database,
    path: Path,
    feed: str | None = None,
    day: date | None = None,
) -> ImportReport:
    """Write landing files from the queries of a file, or of all `<feed>.sql` files of a folder.

    Parameters
    ----------
    feed
        Feed of a single file that is not named after it.
    day
        Day of delivery of all rows, and the value of `:day`.

    Raises
    ------
    DatabaseError
        When the database cannot be reached or refuses a query, or a query's columns are not the feed's.
    FileNotFoundError
        When there is no query file.
    """
    queries = read_queries(path, feed, day)
    rows = {}
    with ExitStack() as streams, database.reading() as connection:
        for query in queries:
            stream = streams.enter_context(LandingStream(workspace.landing / query.feed))
            rows[query.feed] = _run(connection, database, query, stream, day, workspace.config.zone)
    return ImportReport(rows, tuple(f"{name}: the query returned no rows" for name, count in rows.items() if not count))


def read_queries(path: Path, feed: str | None, day: date | None) -> list[Query]:
    """Read query files, merchants first."""
    files = sorted(path.glob("*.sql")) if path.is_dir() else [path]
    if not files:
        raise FileNotFoundError(f"{path}: holds no .sql file; write one per feed, such as sales.sql")
    if feed and path.is_dir():
        raise ValueError(f"--feed goes with one query file; {path} is a folder of files named after their feeds")
    queries = [Query(file, name := feed or file.stem, _statement(file, name, day)) for file in files]
    order = list(feeds())
    return sorted(queries, key=lambda query: order.index(query.feed))


def _statement(file: Path, feed: str, day: date | None) -> sa.TextClause:
    known = feeds()
    if feed not in known:
        near = get_close_matches(feed, known, n=1)
        mend = f"did you mean {near[0]}?" if near else f"feeds are {', '.join(known)}"
        raise ValueError(f"{file}: no feed is called {feed!r}; name the file after its feed, or use --feed; {mend}")
    try:
        text = file.read_text(encoding="utf-8-sig").strip().rstrip(";")
    except UnicodeDecodeError:
        raise ValueError(f"{file}: is not UTF-8; save it as UTF-8") from None
    if not text:
        raise ValueError(f"{file}: is empty; write one SELECT")
    statement = sa.text(text)
    asked = set(statement.compile().params)
    if others := sorted(asked - {DAY}):
        raise ValueError(f"{file}: only :{DAY} can be bound, not :{others[0]}; a colon that is meant is written \\:")
    if DAY not in asked:
        return statement
    if day is None:
        raise ValueError(f"{file}: asks for :{DAY}; add --day YYYY-MM-DD")
    return statement.bindparams(sa.bindparam(DAY, day, type_=sa.Date))


def _run(
    connection: sa.Connection, database: Database, query: Query, stream: LandingStream, day: date | None, zone: ZoneInfo
) -> int:
    """Stream the rows of a query into landing files; return how many there were."""
    options = {"stream_results": True, "yield_per": CHUNK_ROWS}
    try:
        result = connection.execute(query.statement, execution_options=options)
        if not result.returns_rows:
            raise DatabaseError(f"{query.path}: returns no rows; a query file holds one SELECT")
        return _write(result, query, stream, day, zone)
    except exc.SQLAlchemyError as error:
        said = database.say(getattr(error, "orig", None) or error)
        raise DatabaseError(f"{query.path}: {database} refuses the query: {said}; mend it and run again") from None
    except ValueError as error:
        raise DatabaseError(f"{query.path}: {database.say(error)}") from None


def _write(result: sa.CursorResult[Any], query: Query, stream: LandingStream, day: date | None, zone: ZoneInfo) -> int:
    feed, columns, count = feeds()[query.feed], list(result.keys()), 0
    if problem := check_columns(query.feed, feed, columns):
        raise ValueError(problem)
    if day and DELIVERED_ON in columns:
        raise ValueError(f"gives {DELIVERED_ON} and --day is named; leave one of them out")
    for rows in result.partitions(CHUNK_ROWS):
        for name, part in _by_file(rows, columns, day, zone):
            stream.write(name, as_text(feed, columns, part, zone))
        count += len(rows)
    return count


def _by_file(
    rows: Sequence[Sequence[Any]], columns: list[str], day: date | None, zone: ZoneInfo
) -> Iterator[tuple[str, list[Sequence[Any]]]]:
    """Cut rows by the landing file that they belong to."""
    if DELIVERED_ON not in columns:
        yield (f"{day.isoformat()}.parquet" if day else HISTORY), list(rows)
        return
    place = columns.index(DELIVERED_ON)
    for delivered_on, part in groupby(rows, key=lambda row: day_of(row[place], zone)):
        yield f"{delivered_on.isoformat()}.parquet", list(part)
