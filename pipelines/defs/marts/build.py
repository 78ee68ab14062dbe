"""Rows of the marts for a range of dates, as of a day: one SQL for the nightly build and for reading the past.

The idea: because the same SQL makes the newest mart and any earlier state of it, a backtest sees exactly what a run on
that day would have seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipelines.asof import create_feed_view
from pipelines.lake import Lake

FEEDS_OF_MART = {
    "merchant_day": (
        "sales", "stock", "inbound", "storefront", "fulfilment", "service", "roster", "after_sale", "cases",
        "reviews", "surveys", "consultations", "plans",
    ),
    "sku_day": ("sales", "stock", "inbound", "products"),
}  # fmt: skip
# Their rows are versions over a long time, so no month of delivery may be left out.
WHOLE_HISTORY = {"sku_day": frozenset({"inbound", "products"})}


def mart_sql(mart: str) -> str:
    """SQL that makes the rows of a mart from the views of its feeds."""
    return Path(__file__).with_name(f"{mart}.sql").read_text(encoding="utf-8")


def create_mart_rows_table(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    mart: str,
    as_of: date,
    first: date,
    last: date,
    buckets: Sequence[int] | None,
    name: str,
    news: Mapping[str, date] | None = None,
) -> None:
    """Create a temporary table `name` with the mart's rows from `first` to `last` as known on `as_of`.

    Parameters
    ----------
    news : mapping of feed to date, optional
        First date about which each feed says something new; before it, its columns are taken over from the mart as it
        lies (`kept.py`). Without it every column is made anew.
    """
    from pipelines.defs.marts import kept  # which needs this module for the columns of a mart

    if news is None or not kept.create_kept_view(connection, lake, mart, first, last, buckets):
        news = None
        kept.create_empty_kept_view(connection)
    whole = WHOLE_HISTORY.get(mart, frozenset())
    for feed in FEEDS_OF_MART[mart]:
        from_date, to_date = (None, None) if feed in whole else (first, last)
        if news is not None:
            from_date = max(first, news[feed])
        create_feed_view(connection, lake, feed, as_of, buckets=buckets, from_date=from_date, to_date=to_date)
    parameters = {"from_date": first, "to_date": last}
    sql = mart_sql(mart)
    if "$as_of" in sql:
        parameters["as_of"] = as_of
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {sql}', parameters)
    _narrow_sums(connection, name)
    if news is not None:
        kept.take_over(connection, name, news, first)


def _narrow_sums(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Turn HUGEINT, DuckDB's type of a sum of whole numbers, into BIGINT: Arrow and Parquet know no wider integer."""
    for column, kind, *_ in connection.execute(f'DESCRIBE "{name}"').fetchall():
        if kind == "HUGEINT":
            connection.execute(f'ALTER TABLE "{name}" ALTER COLUMN "{column}" TYPE BIGINT')


def month_bounds(month: str) -> tuple[date, date]:
    """First and last day of a month 'YYYY-MM'."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def months_between(first: date, last: date) -> list[str]:
    """Months 'YYYY-MM' from the one of `first` to the one of `last`."""
    months = []
    day = first.replace(day=1)
    while day <= last:
        months.append(day.isoformat()[:7])
        day = (day + timedelta(days=32)).replace(day=1)
    return months
