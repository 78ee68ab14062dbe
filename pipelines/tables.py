"""The tables that are made here, as `tables.yaml` says: schemas, keys, layouts and retention.

One description serves the lake, the published warehouse, Dagster's column schema and the data dictionary.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import Field

from pipelines.config import Settings
from pipelines.yaml_file import load_yaml

ColumnType = Literal["text", "int", "smallint", "float", "bool", "date", "timestamp"]

ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "int": pa.int64(),
    "smallint": pa.int16(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}


class Column(Settings):
    """A column: its type, unit and meaning."""

    type: ColumnType
    description: str
    unit: str = ""
    optional: bool = Field(default=False, description="Added later: rows of earlier days lack it")

    @property
    def arrow_type(self) -> pa.DataType:
        """The Arrow type that the lake stores."""
        return ARROW_TYPES[self.type]


class Table(Settings):
    """A table: what a row is, how it is laid out, how long it is kept."""

    description: str
    group: str
    layout: Literal["day", "month", "log"]
    key: tuple[str, ...]
    day_column: str | None = None
    retention_days: int | None = None
    open_columns: bool = False
    columns: dict[str, Column] = Field(min_length=1)

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the described columns, in order."""
        return pa.schema([pa.field(name, column.arrow_type) for name, column in self.columns.items()])

    @property
    def partition_by(self) -> list[str]:
        """Partition columns of the Delta table."""
        if self.layout == "day":
            return [self.day_column] if self.day_column else []
        return ["month", "bucket"] if self.layout == "month" else []


class TableCatalogue(Settings):
    """All tables of `tables.yaml`."""

    tables: dict[str, Table]


@cache
def tables() -> dict[str, Table]:
    """Return the tables of the project by name."""
    return dict(load_yaml(Path(__file__).with_name("tables.yaml"), TableCatalogue).tables)


def cast(data: pa.Table, table: Table, name: str) -> pa.Table:
    """Bring data to the table's schema.

    Parameters
    ----------
    data : pyarrow.Table
        Must hold every described column; other columns are dropped unless the table is open.
    table, name
        The description, and the name used in messages.

    Raises
    ------
    ValueError
        When a described column is missing or cannot be cast.
    """
    missing = [column for column in table.columns if column not in data.column_names]
    if missing:
        raise ValueError(f"table {name}: columns {missing} are missing; found {data.column_names}")
    arrays, fields = [], []
    for column, meaning in table.columns.items():
        try:
            arrays.append(_to_type(data.column(column), meaning.arrow_type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise ValueError(f"table {name}, column {column}: cannot become {meaning.type}: {error}") from error
        fields.append(pa.field(column, meaning.arrow_type))
    if table.open_columns:
        for field in data.schema:
            if field.name not in table.columns and field.name != "month":
                arrays.append(data.column(field.name))
                fields.append(field)
    return pa.table(arrays, schema=pa.schema(fields))


def _to_type(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if column.type == wanted:
        return column
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type):
        return pa.chunked_array([pa.nulls(len(column), wanted)])
    if pa.types.is_timestamp(column.type) and pa.types.is_date32(wanted):
        return column.cast(pa.timestamp("us"), safe=False).cast(wanted, safe=False)
    if pa.types.is_floating(column.type) and pa.types.is_integer(wanted):
        import pyarrow.compute as pc

        return pc.if_else(pc.is_finite(column), column, None).cast(wanted)
    return column.cast(wanted)
