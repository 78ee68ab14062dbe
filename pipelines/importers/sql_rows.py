"""Rows of a database as text columns of a feed, so that the contract judges them and not the writer.

The idea: databases differ in what they call a number or a day (SQLite keeps days as text, others have decimals, times
with zones). Written as plain text, every value reaches the reader, and a bad one ends in `rejected_rows` with its line
instead of breaking the import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from pipelines.contracts.feeds import Feed
from pipelines.importers.landing_writer import DELIVERED_ON


def check_columns(name: str, feed: Feed, columns: Sequence[str]) -> str:
    """Return what is wrong with a query's columns and how to mend it; empty when nothing is."""
    if twice := sorted({column for column in columns if list(columns).count(column) > 1}):
        return f"column {twice[0]!r} stands twice in the SELECT; keep one of them"
    missing = [
        column for column, meaning in feed.columns.items()
        if meaning.required and meaning.default is None and column not in columns
    ]  # fmt: skip
    unknown = [column for column in columns if column not in feed.columns and column != DELIVERED_ON]
    hints = [_hint(column, unknown) for column in missing]
    left = [column for column in unknown if not any(f"{column} AS" in hint for hint in hints)]
    hints += [_foreign(column, name, feed) for column in left]
    return "; ".join(hints)


def _hint(column: str, unknown: Sequence[str]) -> str:
    near = get_close_matches(column, unknown, n=1, cutoff=0.6)
    return f"column {column!r} is missing: write {near[0]} AS {column}" if near else f"column {column!r} is missing"


def _foreign(column: str, name: str, feed: Feed) -> str:
    near = get_close_matches(column, list(feed.columns), n=1, cutoff=0.6)
    mend = f"write {column} AS {near[0]}, or leave it out" if near else "leave it out"
    return f"column {column!r} is none of feed {name}: {mend}"


def as_text(feed: Feed, columns: Sequence[str], rows: Sequence[Sequence[Any]], zone: ZoneInfo) -> pa.Table:
    """Rows as a table of the feed's columns, all of them text; those that the query lacks are empty.

    Parameters
    ----------
    columns
        Names of the rows' values, in order.
    zone
        The platform's zone, to which times with a zone are brought.

    Raises
    ------
    ValueError
        When a column holds bytes, or text that is not Unicode.
    """
    values: Mapping[str, Sequence[Any]] = dict(zip(columns, zip(*rows, strict=True), strict=True))
    arrays = [
        _column(name, [text_of(value, column.type, zone) for value in values[name]])
        if name in values
        else pa.nulls(len(rows), pa.string())
        for name, column in feed.columns.items()
    ]
    return pa.table(arrays, names=list(feed.columns))


def _column(name: str, values: list[Any]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except (pa.ArrowException, UnicodeError, TypeError):
        raise ValueError(
            f"column {name!r} holds bytes, or text that is not Unicode; turn it into text in the query"
        ) from None


def text_of(value: Any, kind: str, zone: ZoneInfo) -> Any:
    """A value as the reader takes it; NULL and NaN stay empty, bytes stay bytes (and are refused)."""
    if value is None or isinstance(value, (str, bytes)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        local = value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
        return local.date().isoformat() if kind == "date" else local.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (float, Decimal)):
        return None if value != value else format(value, "f") if isinstance(value, Decimal) else repr(value)
    return bytes(value) if isinstance(value, (memoryview, bytearray)) else str(value)


def day_of(value: Any, zone: ZoneInfo) -> date:
    """Day of delivery of a row.

    Raises
    ------
    ValueError
        When the value is no day.
    """
    try:
        return date.fromisoformat(str(text_of(value, "date", zone))[:10])
    except ValueError:
        raise ValueError(f"{DELIVERED_ON} is {value!r}; give the day of delivery, such as 2026-10-31") from None
