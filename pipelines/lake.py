"""The lake: Delta tables are the truth, replaced by day in one commit each.

The idea: whatever a step makes on a day it replaces as a whole for that day, so any step can be run again and gives
the same rows. A backtest has a lake of the same shape below `backtest/<name>/`; it reads feeds and marts from the live
lake and writes none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, TableNotFoundError

from pipelines.near_files import near
from pipelines.object_storage import is_remote, storage_options
from pipelines.streaming import made_ahead
from pipelines.tables import Table, cast, tables

TableData: TypeAlias = pd.DataFrame | pa.Table | pa.RecordBatch | Iterable[pa.Table | pa.RecordBatch | pd.DataFrame]

WHOLE = (pd.DataFrame, pa.Table, pa.RecordBatch)  # data that can be written a second time
MAKING_TRIES = 8
COMPRESSION = WriterProperties(compression="ZSTD", compression_level=1)
# Groups of tables that a backtest reads from the live lake and never makes itself.
LIVE_GROUPS = frozenset({"marts", "feeds"})


class LakeBusyError(ValueError):
    """Two processes replaced the same rows at the same moment; the first one's stand, nothing of them is lost."""

    def __init__(self, table: str, where: str) -> None:
        super().__init__(
            f"another process wrote the same rows of table {table} ({where}) at the same moment; its rows stand and "
            "nothing is lost. Let it end, then run this again"
        )


@dataclass(frozen=True)
class Lake:
    """Delta tables below one root, local or on object storage.

    Parameters
    ----------
    root : str
        Folder or `s3://` prefix.
    scope : str
        Empty for the live lake, else the name of a backtest.
    cache : str
        Local folder for copies of a remote lake's data files; empty: they are read where they lie.
    """

    root: str
    scope: str = ""
    cache: str = ""

    def scoped(self, name: str) -> Lake:
        """Return the lake of a backtest."""
        return replace(self, scope=name)

    def uri(self, table: str) -> str:
        """Where a table lies, seen from this scope."""
        known = tables().get(table)
        by_backtest = known is not None and (known.group not in LIVE_GROUPS or known.layout == "day")
        return f"{self.root}/backtest/{self.scope}/{table}" if self.scope and by_backtest else f"{self.root}/{table}"

    @property
    def options(self) -> dict[str, str] | None:
        """How the Delta log reaches its storage; None on a local disk."""
        return storage_options(self.root)

    def delta(self, table: str) -> DeltaTable | None:
        """Return the open Delta table, or None when it does not exist yet."""
        try:
            return DeltaTable(self.uri(table), storage_options=self.options)
        except TableNotFoundError:
            return None

    def exists(self, table: str) -> bool:
        """Whether the table has been written."""
        return self.delta(table) is not None

    def files(self, table: str) -> list[str]:
        """Data files of the newest version; empty when the table does not exist."""
        delta = self.delta(table)
        if delta is None:
            return []
        if is_remote(self.root):
            return list(delta.file_uris())
        # A URI writes a space or a Chinese character of the folder's name in percent signs; the disk does not.
        encoded, folder = urlsplit(delta.table_uri).path.rstrip("/"), self.uri(table)
        return [folder + uri.removeprefix(encoded) if uri.startswith(encoded) else uri for uri in delta.file_uris()]

    def near(self, table: str, paths: list[str]) -> tuple[str, list[str]]:
        """Folder and data files of a table where an engine reads them best: copies of a remote lake's."""
        folder = self.uri(table)
        if not (self.cache and is_remote(folder)):
            return folder, paths
        return self.cache + folder.removeprefix(self.root), near(self.root, self.cache, paths)

    def replace_day(self, table: str, day: date, data: TableData) -> int:
        """Replace what a table holds for a day, in one commit; return the rows written.

        Raises
        ------
        ValueError
            When a promised column is missing, or a row belongs to another day.
        """
        meaning = tables()[table]
        if meaning.day_column is None:
            raise ValueError(f"table {table} is not made by day; use replace or append")
        return self._write(table, data, f"{meaning.day_column} = '{day.isoformat()}'", day)

    def replace(self, table: str, predicate: str, data: TableData) -> int:
        """Replace the rows that a predicate over the table's columns selects, in one commit."""
        return self._write(table, data, predicate)

    def append(self, table: str, data: TableData, partition_by: Sequence[str] | None = None) -> int:
        """Append rows in one commit; a table that `tables.yaml` does not know is created from the data."""
        return self._write(table, data, None, partition_by=partition_by)

    def delete(self, table: str, predicate: str) -> None:
        """Delete rows in one commit; a missing table has nothing to delete."""
        delta = self.delta(table)
        if delta is not None:
            delta.delete(predicate)

    def read(self, table: str, columns: Sequence[str] | None = None, where: str | None = None) -> pa.Table:
        """Read a table (or the rows where an SQL condition holds); of a missing table, no rows."""
        from pipelines.views import open_views

        chosen = ", ".join(f'"{column}"' for column in columns) if columns else "*"
        condition = f" WHERE {where}" if where else ""
        with open_views(self, [table]) as connection:
            # Names and conditions are literals of our own callers, never data.
            return connection.sql(f"SELECT {chosen} FROM {table}{condition}").to_arrow_table()

    def _write(
        self,
        table: str,
        data: TableData,
        predicate: str | None,
        day: date | None = None,
        partition_by: Sequence[str] | None = None,
    ) -> int:
        tries = MAKING_TRIES if isinstance(data, WHOLE) else 1
        for left in reversed(range(tries)):
            try:
                return self._commit(table, data, predicate, day, partition_by)
            except CommitFailedError as error:
                # Of several writers that make a table at once all but one fail; they find it made the next time.
                if not left or "changed since last commit" not in str(error):
                    raise LakeBusyError(table, self.uri(table)) from error
        raise AssertionError("every try returns or raises")

    def _commit(
        self,
        table: str,
        data: TableData,
        predicate: str | None,
        day: date | None,
        partition_by: Sequence[str] | None,
    ) -> int:
        meaning = tables().get(table)
        counter = _Counter()
        parts = (_prepared(part, meaning, table, day, counter) for part in _parts(data))
        first = next(parts, None)
        if first is None:
            if meaning is None or meaning.open_columns:
                return 0
            first = _empty(meaning)
        exists = self.exists(table)
        if partition_by is None:
            partition_by = meaning.partition_by if meaning else []
        arguments: dict[str, Any] = {"mode": "append"}
        if predicate is not None and exists:
            arguments = {"mode": "overwrite", "predicate": predicate}
        if exists:
            arguments["schema_mode"] = "merge"  # columns that were added to a table or feed later
        write_deltalake(
            self.uri(table),
            pa.RecordBatchReader.from_batches(first.schema, _batches(first, parts)),
            partition_by=list(partition_by) or None,
            writer_properties=COMPRESSION,
            storage_options=self.options,
            **arguments,
        )
        return counter.rows


class _Counter:
    """Rows that have passed, counted while they stream."""

    def __init__(self) -> None:
        self.rows = 0


def _parts(data: TableData) -> Iterator[pa.Table]:
    if isinstance(data, WHOLE):
        data = [data]
    for part in data:
        if isinstance(part, pd.DataFrame):
            yield pa.Table.from_pandas(part, preserve_index=False)
        elif isinstance(part, pa.RecordBatch):
            yield pa.Table.from_batches([part])
        else:
            yield part


def _empty(meaning: Table) -> pa.Table:
    schema = meaning.schema.append(pa.field("month", pa.string())) if meaning.layout == "month" else meaning.schema
    return schema.empty_table()


def _prepared(part: pa.Table, meaning: Table | None, table: str, day: date | None, counter: _Counter) -> pa.Table:
    if meaning is not None:
        month = part.column("month") if "month" in part.column_names else None
        part = cast(part, meaning, table)
        if meaning.layout == "month":
            if month is None:
                raise ValueError(f"table {table}: a mart needs its partition column month ('YYYY-MM')")
            part = part.append_column("month", month.cast(pa.string()))
        if day is not None and meaning.day_column is not None:
            _check_day(part.column(meaning.day_column), day, f"{table}.{meaning.day_column}")
    counter.rows += part.num_rows
    return part


def _check_day(column: pa.ChunkedArray, day: date, name: str) -> None:
    if column.null_count:
        raise ValueError(f"{name} is empty in {column.null_count} rows")
    if len(column) and not pc.all(pc.equal(column, pa.scalar(day))).as_py():
        raise ValueError(f"{name}: rows of another day among those of {day}")


def _batches(first: pa.Table, rest: Iterator[pa.Table]) -> Iterator[pa.RecordBatch]:
    yield from first.to_batches()
    for part in made_ahead(rest):
        yield from part.select(first.schema.names).cast(first.schema).to_batches()
