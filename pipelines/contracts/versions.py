"""Which rows of a batch say only what was known already; these are counted, and not written again.

The idea: versions of a key follow each other in the order in which they became known, in the lake and in the batch
alike. Where dates are part of the key and all are new, as on most days, nothing has to be compared.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.contracts.expressions import bounds_select, earlier_select
from pipelines.contracts.feeds import Feed
from pipelines.lake import Lake
from pipelines.views import create_view

HERE = Path(__file__).parent


def find_unchanged(connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, feed: Feed, repeats: bool) -> None:
    """Fill the temporary table `unchanged` with the good rows that repeat the version before them.

    Parameters
    ----------
    repeats
        Whether a key stands twice in the batch. If not, and no date of the batch is in the lake, nothing is compared.
    """
    first, last = connection.execute(bounds_select(feed)).fetchall()[0]
    in_lake = _may_overlap(lake, name, feed, first, last)
    if not repeats and not in_lake:
        connection.execute((HERE / "no_unchanged.sql").read_text(encoding="utf-8"))
        return
    _view_of_lake(connection, lake, name, feed, first, last, in_lake)
    connection.execute((HERE / "unchanged.sql").read_text(encoding="utf-8"))
    connection.execute("DROP TABLE earlier")


def _view_of_lake(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    name: str,
    feed: Feed,
    first: date | None,
    last: date | None,
    in_lake: bool,
) -> None:
    """Make `earlier`: versions in the lake that rows between two dates may repeat.

    A row cannot be known longer before its date than the contract lets it be ahead, which bounds the search.
    """
    known_from = date.min
    if feed.ahead_days is not None and first is not None:
        known_from = first - timedelta(days=max(feed.ahead_days, -feed.maturity_days))
    month = known_from.isoformat()[:7] if in_lake else "9999-12"
    create_view(connection, lake, name, "lake_rows", keeps=lambda values: values.get("known_month", month) >= month)
    parameters = {"known_from": known_from, "first": first, "last": last} if feed.dated else {"known_from": known_from}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE earlier AS {earlier_select(feed)}", parameters)


def _may_overlap(lake: Lake, name: str, feed: Feed, first: date | None, last: date | None) -> bool:
    """Whether the lake may hold keys of these dates, by the statistics in its log alone."""
    delta = lake.delta(name)
    if delta is None:
        return False
    if first is None or last is None or not feed.dated:
        return True
    statistics = pa.table(delta.get_add_actions(flatten=True))
    lows, highs = f"min.{feed.row_date}", f"max.{feed.row_date}"
    if lows not in statistics.column_names:
        return bool(statistics.num_rows)
    pairs = zip(statistics.column(lows).to_pylist(), statistics.column(highs).to_pylist(), strict=True)
    return bool(any(low is None or high is None or (low <= last and first <= high) for low, high in pairs))
