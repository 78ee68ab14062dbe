"""Views as of a day: what was known then, and nothing else.

Feeds keep every version of a row with the day it was delivered (`known_on`); a reader of day D gets, per key, the
newest version with `known_on` <= D. Marts hold the newest values; dates of which rows were touched after D are built
again from the feeds as of D (past.py), all others are read as they lie, so that reading the newest day costs nothing
extra.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb

from pipelines.contracts.feeds import feeds
from pipelines.lake import Lake
from pipelines.past import create_mart_view
from pipelines.tables import tables
from pipelines.views import create_view, in_buckets


def create_as_of_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    name: str,
    as_of: date,
    *,
    buckets: Sequence[int] | None = None,
    since: date | None = None,
) -> None:
    """Create the view `name` with the rows known on a day."""
    known = tables().get(name)
    if known is not None and known.layout == "day":
        _view_of_made_table(connection, lake, name, as_of)
    elif known is not None and known.layout == "month":
        create_mart_view(connection, lake, name, as_of, buckets, since)
    elif known is not None:
        create_view(connection, lake, name)
    else:
        create_feed_view(connection, lake, name, as_of, buckets=buckets)


def _view_of_made_table(connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, as_of: date) -> None:
    column = tables()[name].day_column or "as_of"
    last = as_of.isoformat()
    create_view(connection, lake, name, keeps=lambda values: values.get(column, "") <= last)


def create_feed_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    feed: str,
    as_of: date,
    *,
    name: str | None = None,
    buckets: Sequence[int] | None = None,
    from_date: date | None = None,
    to_date: date | None = None,
) -> None:
    """Create a view of a feed: per key the newest version known on the day.

    Parameters
    ----------
    from_date, to_date
        Only rows dated here (feeds whose key holds the date).
    """
    meaning = feeds()[feed]
    ahead = timedelta(days=meaning.ahead_days or 0)
    first_month = (from_date - ahead).isoformat()[:7] if from_date else ""
    last_month = as_of.isoformat()[:7]
    create_view(
        connection,
        lake,
        feed,
        f"all_{name or feed}",
        keeps=lambda values: first_month <= values.get("known_month", last_month) <= last_month,
    )
    conditions = [f"known_on <= DATE '{as_of.isoformat()}'"]
    if from_date and meaning.dated:
        conditions.append(f"{meaning.row_date} >= DATE '{from_date.isoformat()}'")
    if to_date and meaning.dated:
        conditions.append(f"{meaning.row_date} <= DATE '{to_date.isoformat()}'")
    if buckets is not None and meaning.by_merchant:
        conditions.append(in_buckets(buckets))
    # Names come from feeds.yaml, values are dates and whole numbers of our own.
    newest = f"PARTITION BY {', '.join(meaning.key)} ORDER BY known_on DESC, file DESC, line DESC"
    connection.execute(
        f'CREATE OR REPLACE TEMP VIEW "{name or feed}" AS '
        f'SELECT * FROM "all_{name or feed}" WHERE {" AND ".join(conditions)} '
        f"QUALIFY row_number() OVER ({newest}) = 1"
    )
