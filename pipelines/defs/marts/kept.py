"""What a mart keeps of its own rows when a day is added: the columns of feeds that said nothing new about a date.

A day's deliveries speak of the day itself but for a few feeds, whose orders ripen over weeks. The idea: rows of those
weeks are made of the news alone, and the other feeds' columns are taken over as they lie, so that millions of stock
rows are not counted again for a handful of refunds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb

from pipelines.defs.marts.changes import FeedFile
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.lake import Lake
from pipelines.views import Pruning, create_view, in_buckets

KEPT = "kept"
NEVER = date.max
# Marts whose every column belongs to one feed and is named after it.
COLUMNS_BY_FEED = frozenset({"merchant_day"})
OF_ROWS = frozenset({"date", "merchant_id", "bucket", "known_on", "month"})


def first_news(built_from: Iterable[FeedFile], now: Iterable[FeedFile], feeds: Iterable[str]) -> dict[str, date] | None:
    """First date about which each feed says something new, `NEVER` where it says nothing.

    Returns
    -------
    dict of feed to date, or None
        None where every column has to be made anew: the mart is new, or a file was taken away with what it said.
    """
    before, after = set(built_from), set(now)
    if not before or before - after:
        return None
    first = dict.fromkeys(feeds, NEVER)
    for file in after - before:
        first[file.feed] = min(first[file.feed], file.first or date.min)
    return first


def create_kept_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    mart: str,
    first: date,
    last: date,
    buckets: Sequence[int] | None,
) -> bool:
    """Create the view of the mart's rows between two dates as they lie.

    Returns
    -------
    bool
        False where they lack a column, which a newer release has added: then every column has to be made anew.
    """
    keeps = Pruning(frozenset(buckets) if buckets is not None else None, first, last).keeps
    create_view(connection, lake, mart, f"all_{KEPT}", keeps=keeps)
    merchants = "" if buckets is None else f" AND {in_buckets(buckets)}"
    connection.execute(
        f'CREATE OR REPLACE TEMP VIEW {KEPT} AS SELECT * FROM "all_{KEPT}" '
        f"WHERE date BETWEEN DATE '{first.isoformat()}' AND DATE '{last.isoformat()}'{merchants}"
    )
    return set(merchant_day_schema().names) <= set(_columns(connection, KEPT))


def create_empty_kept_view(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the view for a mart that is made anew: it keeps nothing."""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {KEPT} AS SELECT CAST(NULL AS DATE) AS date, CAST(NULL AS VARCHAR) AS "
        "merchant_id, CAST(NULL AS DATE) AS known_on, CAST(NULL AS SMALLINT) AS bucket WHERE false"
    )


def take_over(connection: duckdb.DuckDBPyConnection, name: str, news: Mapping[str, date], first: date) -> None:
    """Fill the columns of the table `name` from the kept rows, for each feed on the dates before its news."""
    replaced = [
        f'CASE WHEN rows.date < DATE \'{news[feed].isoformat()}\' THEN {KEPT}."{column}" ELSE rows."{column}" END '
        f'AS "{column}"'
        for feed, column in _feed_columns(connection, name, news)
        if news[feed] > first
    ]
    if not replaced:
        return
    connection.execute(
        f"CREATE TEMP TABLE taken_over AS SELECT rows.* REPLACE ({', '.join(replaced)}) "
        f'FROM "{name}" AS rows LEFT JOIN {KEPT} USING (date, merchant_id)'
    )
    connection.execute(f'DROP TABLE "{name}"')
    connection.execute(f'ALTER TABLE taken_over RENAME TO "{name}"')


def _feed_columns(connection: duckdb.DuckDBPyConnection, name: str, feeds: Iterable[str]) -> list[tuple[str, str]]:
    # The longest name that fits: a feed may be called like the beginning of another.
    by_length = sorted(feeds, key=len, reverse=True)
    columns = [column for column in _columns(connection, name) if column not in OF_ROWS]
    return [(next(feed for feed in by_length if column.startswith(f"{feed}_")), column) for column in columns]


def _columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f'DESCRIBE "{name}"').fetchall()]
