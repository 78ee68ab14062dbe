"""The careful reader of Parquet files: for those in which a text is not UTF-8.

Parquet does not hold its writers to UTF-8, and the engine refuses a whole file for one such text. Here only the rows
that hold one are rejected, with the column named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.careful import RAW_CHARACTERS, Rejection

ROWS_AT_ONCE = 50_000


def read_parquet_carefully(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[pa.Table, list[Rejection]]]:
    """Read a Parquet file, some thousands of rows at a time.

    Yields
    ------
    table : pyarrow.Table
        `line` (the first row is 1) and the columns.
    rejections : list of Rejection
        Rows with a text that is not UTF-8.
    """
    first = 1
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=list(columns)):
            table = pa.Table.from_batches([batch])
            yield _divided(table.add_column(0, "line", pa.array(range(first, first + table.num_rows), pa.int64())))
            first += table.num_rows


def _divided(table: pa.Table) -> tuple[pa.Table, list[Rejection]]:
    rejections: dict[int, Rejection] = {}
    for name in table.column_names:
        table = _plain(table, name)
        for place, raw in _not_utf8(table.column(name)).items():
            rejections.setdefault(place, Rejection(table.column("line")[place].as_py(), "not_utf8", raw, name))
    good = [place for place in range(table.num_rows) if place not in rejections]
    return (table.take(pa.array(good, pa.int64())) if rejections else table), [
        rejections[place] for place in sorted(rejections)
    ]


def _plain(table: pa.Table, name: str) -> pa.Table:
    """Dictionaries become what they stand for."""
    column = table.column(name)
    if not pa.types.is_dictionary(column.type):
        return table
    return table.set_column(table.column_names.index(name), name, column.cast(column.type.value_type))


def _not_utf8(column: pa.ChunkedArray) -> dict[int, str]:
    """Places whose bytes are not UTF-8, with the bytes written out."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return {}
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        values = column.cast(pa.large_binary()).to_pylist()
        return {place: raw for place, value in enumerate(values) if (raw := _raw_if_broken(value)) is not None}
    return {}


def _raw_if_broken(value: bytes | None) -> str | None:
    try:
        (value or b"").decode("utf-8")
    except UnicodeDecodeError:
        return (value or b"").decode("utf-8", "backslashreplace")[:RAW_CHARACTERS]
    return None
