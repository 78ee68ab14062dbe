"""DuckDB connections with a view per lake table.

DuckDB is the engine of all SQL; it reads the Parquet files that a Delta table's log names (the delta extension is not
in the wheel, partition values come from the file paths). Files are pruned by partition before DuckDB sees them, so
that a step that needs two buckets or ninety days opens no other file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import unquote

import duckdb
import pyarrow as pa

from pipelines.engine import connect
from pipelines.lake import Lake
from pipelines.object_storage import is_remote, register
from pipelines.tables import tables

PARTITION = re.compile(r"/([A-Za-z_]+)=([^/]*)(?=/)")
HIVE_TYPES = {"month": "VARCHAR", "known_month": "VARCHAR", "bucket": "SMALLINT"}
SQL_TYPES = {
    "string": "VARCHAR",
    "double": "DOUBLE",
    "int64": "BIGINT",
    "int16": "SMALLINT",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
    "int32": "INTEGER",
    "decimal128(38, 0)": "HUGEINT",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}

FileFilter = Callable[[dict[str, str]], bool]


@cache
def partitions_of(path: str) -> dict[str, str]:
    """Partition values in a file's path below its table, as text."""
    return {name: unquote(value) for name, value in PARTITION.findall(path)}


def schema_of(table: str) -> pa.Schema:
    """Schema of a made table or of a feed in the lake.

    Raises
    ------
    KeyError
        When neither `tables.yaml` nor the feeds know the name.
    """
    known = tables().get(table)
    if known is not None and not known.open_columns:
        return known.schema
    if known is not None:
        from pipelines.defs.marts.columns import merchant_day_schema

        return merchant_day_schema()
    from pipelines.contracts.feeds import feeds

    return feeds()[table].lake_schema


@dataclass(frozen=True)
class Pruning:
    """Which files of a table a reader needs; None means all."""

    buckets: frozenset[int] | None = None
    since: date | None = None
    until: date | None = None

    def keeps(self, values: dict[str, str]) -> bool:
        """Whether a file with these partition values may hold rows that are asked for."""
        if self.buckets is not None and "bucket" in values and int(values["bucket"]) not in self.buckets:
            return False
        month = values.get("month")
        if month is None:
            return True
        too_old = self.since is not None and month < self.since.isoformat()[:7]
        too_new = self.until is not None and month > self.until.isoformat()[:7]
        return not (too_old or too_new)


def in_buckets(buckets: Iterable[int]) -> str:
    """SQL condition that a row's merchant lies in one of the buckets."""
    return f"bucket IN ({', '.join(str(int(bucket)) for bucket in buckets) or 'NULL'})"


def create_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: str,
    name: str | None = None,
    keeps: FileFilter | None = None,
    temporary: bool = True,
) -> None:
    """Create a view over a lake table; typed and empty where the table has no files."""
    folder = lake.uri(table)
    files = kept(folder, lake.files(table), keeps)
    if temporary:  # a view that stays in a file names the lake's own files
        folder, files = lake.near(table, files)
    create_view_of_files(connection, table, folder, files, name, temporary)


def kept(folder: str, files: list[str], keeps: FileFilter | None) -> list[str]:
    """Files below a folder whose partition values a reader needs."""
    return [path for path in files if keeps is None or keeps(partitions_of(path.removeprefix(folder)))]


def create_view_of_files(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    folder: str,
    files: list[str],
    name: str | None = None,
    temporary: bool = True,
) -> None:
    """Create a view over data files of a table below a folder; typed and empty where there are none."""
    if is_remote(folder):
        register(connection)
    source = _reader(files, folder) if files else _empty(table)
    if files and _has_optional_columns(table):
        source = f"{source} UNION ALL BY NAME {_empty(table)}"  # files from before a column was added lack it
    kind = "TEMP VIEW" if temporary else "VIEW"
    connection.execute(f'CREATE OR REPLACE {kind} "{name or table}" AS {source}')


def connect_to(lake: Lake, *, own: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a connection for reading a lake; a remote one has an engine of its own, which holds its keys and address."""
    return connect(own=own or is_remote(lake.root))


def open_views(lake: Lake, names: Iterable[str]) -> duckdb.DuckDBPyConnection:
    """Open an engine with plain views (all rows, no as-of reading) of the named tables."""
    connection = connect_to(lake)
    for name in names:
        create_view(connection, lake, name)
    return connection


def _reader(files: list[str], folder: str) -> str:
    names = sorted({name for path in files for name in partitions_of(path.removeprefix(folder))})
    types = ", ".join(f"'{name}': {HIVE_TYPES.get(name, 'DATE')}" for name in names)
    hive = f", hive_partitioning = true, hive_types = {{{types}}}" if names else ", hive_partitioning = false"
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
    # DuckDB takes folders above the table, such as tenant=acme, for columns too.
    foreign = ", ".join(f'"{name}"' for name in partitions_of(f"{folder}/") if name not in names)
    columns = f"* EXCLUDE ({foreign})" if foreign and names else "*"
    return f"SELECT {columns} FROM read_parquet([{listed}], union_by_name = true{hive})"


@cache
def _has_optional_columns(table: str) -> bool:
    from pipelines.contracts.feeds import feeds

    known = feeds().get(table) or tables().get(table)
    return known is not None and any(column.optional for column in known.columns.values())


def _empty(table: str) -> str:
    columns = ", ".join(
        f'CAST(NULL AS {SQL_TYPES.get(str(field.type), "VARCHAR")}) AS "{field.name}"' for field in schema_of(table)
    )
    return f"SELECT {columns} WHERE false"
