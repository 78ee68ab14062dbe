"""Files of a batch into one typed relation, many files per statement, with each file's rows told apart.

Good files go through DuckDB by groups of the same layout; a CSV file that looked unusual, that DuckDB refuses, or whose
rows DuckDB counts otherwise than the look did, goes through the careful reader instead.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.contracts.careful import Rejection, read_carefully
from pipelines.contracts.careful_parquet import read_parquet_carefully
from pipelines.contracts.expressions import SQL_TYPES, typed_select
from pipelines.contracts.feeds import Feed
from pipelines.contracts.look import Look
from pipelines.contracts.manifest import Work
from pipelines.contracts.rules import Rules, quote, rules_of

HERE = Path(__file__).parent
AGAIN = "deliver the file again, whole"
MOST_UNREADABLE = 100_000  # with more, there is nothing in a file to be saved
# What DuckDB raises about the content of a file; anything else is our own mistake and must be seen.
REFUSALS = (
    duckdb.InvalidInputException,
    duckdb.IOException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.SerializationException,
    duckdb.OutOfMemoryException,  # a damaged Parquet file asks for gigabytes
)
BATCH_FILES = pa.schema([
    ("file_number", pa.int32()), ("path", pa.string()), ("label", pa.string()), ("delivered_on", pa.date32()),
    ("known_on", pa.date32()), ("known_month", pa.string()), ("rows_before", pa.int64()),
])  # fmt: skip


@dataclass
class Delivery:
    """A file of a batch: what is to be read, and what the look and the readers found.

    Attributes
    ----------
    number : int
        How the batch's relations name the file.
    read : int
        Records found, rejected ones included.
    unreadable : list of Rejection
        Records that are no rows at all.
    problem : str
        Why the whole file is put aside.
    """

    work: Work
    look: Look
    number: int
    read: int = 0
    unreadable: list[Rejection] = field(default_factory=list)
    problem: str = ""


def stage(connection: duckdb.DuckDBPyConnection, feed: Feed, deliveries: Sequence[Delivery]) -> Rules:
    """Fill the temporary table `typed` with the rows of all deliveries; return the rules its column `rule` counts."""
    rules = rules_of(feed)
    columns = ", ".join(f"{quote(name)} {SQL_TYPES[column.type]}" for name, column in feed.columns.items())
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE typed (file_number INTEGER, line BIGINT, {columns}, rule SMALLINT, raw VARCHAR, "
        "known_on DATE, key_hash UBIGINT, row_hash UBIGINT)"
    )
    _register(connection, deliveries)
    for group in _groups(deliveries):
        _load_group(connection, feed, rules, group)
    return rules


def _register(connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]) -> None:
    rows = []
    for delivery in deliveries:
        entry, file = delivery.work.entry, delivery.work.file
        known_on = None if file.is_history else entry.known_on
        rows.append({
            "file_number": delivery.number, "path": str(file.path), "label": entry.label,
            "delivered_on": known_on, "known_on": known_on, "known_month": f"{known_on:%Y-%m}" if known_on else None,
        })  # fmt: skip
    connection.register("batch_files_data", pa.Table.from_pylist(rows, schema=BATCH_FILES))
    connection.execute("CREATE OR REPLACE TEMP TABLE batch_files AS FROM batch_files_data")
    connection.unregister("batch_files_data")


def _groups(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    """Deliveries of the same layout side by side; one that needs care stands alone."""
    groups: dict[Any, list[Delivery]] = {}
    for delivery in deliveries:
        look = delivery.look
        types = str(look.schema.remove_metadata()) if look.schema is not None else ""
        layout: Any = delivery.number if look.careful else (look.columns, types)
        groups.setdefault(layout, []).append(delivery)
    return list(groups.values())


def _load_group(connection: duckdb.DuckDBPyConnection, feed: Feed, rules: Rules, group: list[Delivery]) -> None:
    """Load a group at once; if anything is off, one by one; if one is off, carefully."""
    if group[0].look.careful:
        _load_carefully(connection, feed, rules, group[0])
        return
    refusal = ""
    try:
        counts = _load_by_engine(connection, feed, rules, group)
    except duckdb.Error as error:
        # What its Parquet reader finds damaged comes without a class of its own.
        if not isinstance(error, REFUSALS) and type(error) is not duckdb.Error:
            raise
        counts, refusal = {}, _reason(error, group[0].work.file.path)
    if not refusal and all(counts.get(delivery.number, 0) == delivery.look.records for delivery in group):
        for delivery in group:
            delivery.read = delivery.look.records
        return
    _forget(connection, group)
    if len(group) > 1:
        for delivery in group:
            _load_group(connection, feed, rules, [delivery])
    elif group[0].work.file.is_parquet:
        _load_parquet_carefully(connection, feed, rules, group[0], counts.get(group[0].number, 0), refusal)
    else:
        _load_carefully(connection, feed, rules, group[0])


def _reason(error: duckdb.Error, path: Path) -> str:
    """What the engine says, in one line and without the path, which the message names already."""
    line = str(error).partition("\n")[0].replace(f' "{path}"', "")
    return line.split("Error: ", 1)[-1][:160]


def _load_parquet_carefully(
    connection: duckdb.DuckDBPyConnection, feed: Feed, rules: Rules, delivery: Delivery, rows: int, refusal: str
) -> None:
    """Save what can be saved where a text is not UTF-8; put the file aside for any other refusal."""
    if refusal:
        _load_carefully(connection, feed, rules, delivery)
        if delivery.unreadable and not delivery.problem:
            return
        _forget(connection, [delivery])
    delivery.read = delivery.look.records
    said = refusal or f"holds {rows} rows where its footer promises {delivery.look.records}"
    delivery.problem = f"cannot be read ({said}); {AGAIN}"


def _load_by_engine(
    connection: duckdb.DuckDBPyConnection, feed: Feed, rules: Rules, group: list[Delivery]
) -> dict[int, int]:
    parameters: dict[str, Any] = {**rules.parameters, "paths": [str(delivery.work.file.path) for delivery in group]}
    if group[0].work.file.is_parquet:
        source = (HERE / "read_parquet.sql").read_text(encoding="utf-8")
    else:
        source = (HERE / "read_csv.sql").read_text(encoding="utf-8")
        # DuckDB maps `columns` by position, so they stand as in this header.
        parameters["columns"] = dict.fromkeys(names_in_order(feed, group[0].look.columns), "VARCHAR")
        _note_rows_before(connection, group)
    connection.execute(f"INSERT INTO typed {typed_select(feed, rules, source, group[0].look.columns)}", parameters)
    numbers = [delivery.number for delivery in group]
    counted = connection.execute(
        "SELECT file_number, count(*) FROM typed WHERE list_contains($numbers, file_number) GROUP BY 1",
        {"numbers": numbers},
    )
    return dict(counted.fetchall())


def _note_rows_before(connection: duckdb.DuckDBPyConnection, group: list[Delivery]) -> None:
    """Note how many rows of the group stand before each file, from which a row's line follows."""
    before, pairs = 0, []
    for delivery in group:
        pairs.append((before, delivery.number))
        before += delivery.look.records
    connection.executemany("UPDATE batch_files SET rows_before = ? WHERE file_number = ?", pairs)


def _load_carefully(connection: duckdb.DuckDBPyConnection, feed: Feed, rules: Rules, delivery: Delivery) -> None:
    """Load record by record; a file that cannot be read to its end (it changed, or went away) leaves nothing."""
    try:
        for table, unreadable in _carefully(feed, delivery):
            delivery.unreadable += unreadable
            delivery.read += table.num_rows + len(unreadable)
            _insert(connection, feed, rules, delivery, table)
            if len(delivery.unreadable) > MOST_UNREADABLE:
                raise _GiveUpError(
                    f"more than {MOST_UNREADABLE:,} records cannot be read; mend the export and deliver it again"
                )
    except (OSError, EOFError, zlib.error, pa.ArrowException, _GiveUpError) as error:
        _forget(connection, [delivery])
        delivery.read = max(delivery.read, delivery.look.records)
        delivery.problem = str(error) if isinstance(error, _GiveUpError) else f"cannot be read ({error}); {AGAIN}"


class _GiveUpError(Exception):
    pass


def _carefully(feed: Feed, delivery: Delivery) -> Iterator[tuple[pa.Table, list[Rejection]]]:
    path, look = delivery.work.file.path, delivery.look
    if delivery.work.file.is_parquet:
        return read_parquet_carefully(path, tuple(feed.columns))
    return read_carefully(path, names_in_order(feed, look.columns), look.cr_ends)


def _insert(
    connection: duckdb.DuckDBPyConnection, feed: Feed, rules: Rules, delivery: Delivery, table: pa.Table
) -> None:
    numbers = pa.array([delivery.number] * table.num_rows, pa.int32())
    connection.register("careful_rows", table.append_column("file_number", numbers))
    connection.execute(
        f"INSERT INTO typed {typed_select(feed, rules, 'FROM careful_rows', delivery.look.columns)}", rules.parameters
    )
    connection.unregister("careful_rows")


def names_in_order(feed: Feed, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Names of a file's columns in its order; those beyond the contract get harmless names."""
    return tuple(name if name in feed.columns else f"beyond_{place}" for place, name in enumerate(columns))


def _forget(connection: duckdb.DuckDBPyConnection, group: list[Delivery]) -> None:
    connection.execute(
        "DELETE FROM typed WHERE list_contains($numbers, file_number)",
        {"numbers": [delivery.number for delivery in group]},
    )
