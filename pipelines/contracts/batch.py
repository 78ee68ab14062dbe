"""What becomes of each row of a batch of files: accepted, unchanged, held or rejected, and files put aside whole.

The idea: everything is decided by sets in one in-memory engine before anything is written, so that the accounting of a
file and the rows it brings come from the same relation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.buckets import buckets_of
from pipelines.config import IngestSettings
from pipelines.contracts.careful import RAW_CHARACTERS
from pipelines.contracts.expressions import (
    accepted_select,
    collect_held,
    collect_rejected,
    mark_duplicates,
    touched_select,
)
from pipelines.contracts.feeds import MERCHANT, Feed
from pipelines.contracts.manifest import Entry
from pipelines.contracts.rules import Rules
from pipelines.contracts.staging import Delivery, stage
from pipelines.contracts.versions import find_unchanged
from pipelines.contracts.wording import advice, visible
from pipelines.lake import Lake

HERE = Path(__file__).parent
HELD = -1
UNREADABLE = pa.schema([
    ("file_number", pa.int32()), ("line", pa.int64()), ("rule", pa.string()), ("raw", pa.string()),
    ("column", pa.string()),
])  # fmt: skip


@dataclass(frozen=True)
class RejectedSummary:
    """The bad rows of a file in a few words."""

    rows: int
    merchants: int
    column: str
    rule: str
    times: int
    first_line: int

    def __str__(self) -> str:
        what = f"column {self.column!r}: {self.rule}" if self.column else self.rule
        mend = advice(self.rule)
        return f"most often {what} ({self.times} times, first in line {self.first_line})" + (
            f"; {mend}" if mend else ""
        )


@dataclass(frozen=True)
class BatchResult:
    """What a batch brings.

    Attributes
    ----------
    entries : list of Entry
        One per file, with its accounting.
    dates : frozenset of date
        Dates of the accepted rows.
    """

    entries: list[Entry]
    dates: frozenset[date]

    def rows(self, kind: str) -> int:
        """Rows of a kind (`accepted`, `held`, `rejected`) over all files."""
        return sum(getattr(entry, kind) for entry in self.entries)


def judge(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    name: str,
    feed: Feed,
    deliveries: Sequence[Delivery],
    settings: IngestSettings,
    buckets: int,
) -> BatchResult:
    """Read a batch and decide on every row; leaves `typed`, `batch_files` and `unchanged` in the connection.

    Parameters
    ----------
    connection
        Holds `known_merchants` (merchant_id, bucket), except for the feed of merchants itself.
    """
    rules = stage(connection, feed, deliveries)
    if name == "merchants":
        _know_merchants_of_batch(connection, buckets)
    repeats = _mark_conflicts(connection, feed, rules)
    if feed.by_merchant:
        _run(connection, "mark_held.sql")
    _collect_rejected(connection, feed, rules, deliveries)
    summaries = _put_aside(connection, deliveries, settings)
    held = _collect_held(connection, feed)
    find_unchanged(connection, lake, name, feed, repeats)
    touched = connection.execute(touched_select(feed)).fetchall()
    return _account(deliveries, summaries, held, touched)


def accepted_rows(connection: duckdb.DuckDBPyConnection, feed: Feed) -> pa.RecordBatchReader:
    """Stream the accepted rows of the batch that was judged last, as the lake keeps them."""
    return connection.sql(accepted_select(feed)).to_arrow_reader(200_000)


def _run(connection: duckdb.DuckDBPyConnection, sql_file: str) -> None:
    connection.execute((HERE / sql_file).read_text(encoding="utf-8"))


def _know_merchants_of_batch(connection: duckdb.DuckDBPyConnection, buckets: int) -> None:
    identifiers = connection.sql("SELECT DISTINCT merchant_id FROM typed WHERE rule IS NULL").to_arrow_table()
    know_merchants(connection, identifiers, buckets)


def know_merchants(connection: duckdb.DuckDBPyConnection, merchants: pa.Table, buckets: int) -> None:
    """Make `known_merchants` of a table with a column `merchant_id`."""
    identifiers = merchants.column(MERCHANT)
    data = pa.table({MERCHANT: identifiers, "bucket": buckets_of(identifiers, buckets)})
    connection.register("known_data", data)
    connection.execute("CREATE OR REPLACE TEMP TABLE known_merchants AS FROM known_data")
    connection.unregister("known_data")


def _mark_conflicts(connection: duckdb.DuckDBPyConnection, feed: Feed, rules: Rules) -> bool:
    """Reject keys with several values in one file; return whether any key stands twice in the batch."""
    counted = connection.execute("SELECT count(*), count(DISTINCT key_hash) FROM typed WHERE rule IS NULL").fetchall()
    rows, keys = counted[0]
    if rows == keys:
        return False
    _run(connection, "conflicts.sql")
    if connection.execute("SELECT count(*) FROM conflicts").fetchall()[0][0]:
        connection.execute(mark_duplicates(feed, rules))
    return True


def _collect_rejected(
    connection: duckdb.DuckDBPyConnection, feed: Feed, rules: Rules, deliveries: Sequence[Delivery]
) -> None:
    """Fill the temporary table `rejected` from the checks and from the careful reader."""
    names = pa.table({
        "number": pa.array(range(len(rules.names)), pa.int16()),
        "column": [column for column, _ in rules.names],
        "name": [rule for _, rule in rules.names],
    })  # fmt: skip
    unreadable = [
        {"file_number": delivery.number, **vars(bad)} for delivery in deliveries for bad in delivery.unreadable
    ]
    broken = pa.Table.from_pylist(unreadable, schema=UNREADABLE)
    connection.register("rule_names", names)
    connection.register("unreadable", broken)
    connection.execute(collect_rejected(feed, RAW_CHARACTERS))
    connection.unregister("rule_names")
    connection.unregister("unreadable")


def _put_aside(
    connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery], settings: IngestSettings
) -> dict[int, RejectedSummary]:
    """Quarantine files with too many bad rows, if these are not the mistake of a few merchants alone."""
    found = connection.execute((HERE / "rejected_summary.sql").read_text(encoding="utf-8")).fetchall()
    summaries = {row[0]: RejectedSummary(*row[1:]) for row in found}
    for delivery in deliveries:
        bad = summaries.get(delivery.number)
        too_many = bad is not None and bad.rows > settings.max_reject_share * delivery.read
        if bad and too_many and bad.merchants >= settings.min_reject_merchants and not delivery.problem:
            delivery.problem = (
                f"{bad.rows} of {delivery.read} rows from {bad.merchants} merchants break the contract, more than "
                f"{settings.max_reject_share:.0%}; {bad}; mend the export and deliver the file again"
            )
    aside = [delivery.number for delivery in deliveries if delivery.problem]
    if aside:
        connection.execute("DELETE FROM typed WHERE list_contains($aside, file_number)", {"aside": aside})
    return summaries


def _collect_held(connection: duckdb.DuckDBPyConnection, feed: Feed) -> dict[int, int]:
    """Fill the temporary table `held`; return its rows per file."""
    connection.execute(collect_held(feed, HELD))
    return dict(connection.execute("SELECT file_number, count(*) FROM held GROUP BY 1").fetchall())


def rejected_rows(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """Rows for `rejected_rows` of the batch that was judged last."""
    return _stamped(connection, name, "rejected_rows.sql")


def held_rows(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """Rows for `held_rows` of the batch that was judged last."""
    return _stamped(connection, name, "held_rows.sql")


def _stamped(connection: duckdb.DuckDBPyConnection, name: str, sql_file: str) -> pa.Table:
    sql = (HERE / sql_file).read_text(encoding="utf-8")
    return connection.sql(sql, params={"feed": name, "seen_at": datetime.now(UTC)}).to_arrow_table()


def _account(
    deliveries: Sequence[Delivery],
    summaries: dict[int, RejectedSummary],
    held: dict[int, int],
    touched: list[tuple[int, date | None, int, int]],
) -> BatchResult:
    entries: list[Entry] = []
    by_file: dict[int, list[tuple[int, date | None, int, int]]] = {}
    for row in touched:
        by_file.setdefault(row[0], []).append(row)
    for delivery in deliveries:
        entry, number = delivery.work.entry, delivery.number
        if delivery.problem:
            entries.append(quarantined(entry, delivery.problem, delivery.read or delivery.look.records))
            continue
        mine = by_file.get(number, [])
        good, unchanged = sum(row[2] for row in mine), sum(row[3] for row in mine)
        dates = [row[1] for row in mine if row[1] is not None]
        bad = summaries.get(number)
        entries.append(replace(
            entry, status="accepted", read=delivery.read, accepted=good - unchanged, unchanged=unchanged,
            held=held.get(number, 0), rejected=bad.rows if bad else 0,
            message=f"{bad.rows} rows rejected; {bad}" if bad else "",
            first_on=min(dates, default=None), last_on=max(dates, default=None),
        ))  # fmt: skip
    dates_touched = frozenset(row[1] for row in touched if row[1] is not None and row[2] > row[3])
    return BatchResult(entries, dates_touched)


def quarantined(entry: Entry, problem: str, read: int) -> Entry:
    """Return the entry of a file that is put aside whole: all its rows count as rejected."""
    message = visible(f"{entry.feed}/{entry.file}: {problem}")
    return replace(
        entry, status="quarantined", read=read, accepted=0, unchanged=0, held=0, rejected=read, message=message
    )
