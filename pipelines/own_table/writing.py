"""The forecast as a file: CSV, gzipped CSV or Parquet by its suffix, or CSV on standard output, a block at a time.

A file appears whole or not at all: it is written beside its place and moved there at the end.
"""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from pipelines.own_table.columns import OwnTableError
from pipelines.shell import harmless

SUFFIXES = (".csv", ".csv.gz", ".parquet")


def check_out(out: Path | None, source: Path) -> None:
    """Refuse a place that cannot be written to before anything is calculated.

    Raises
    ------
    OwnTableError
        For an unknown suffix, a missing folder, or the table itself.
    """
    if out is None:
        return
    if not out.name.lower().endswith(SUFFIXES):
        raise OwnTableError(f"--out {out}: the suffix says what is written; choose one of {', '.join(SUFFIXES)}")
    if not out.resolve().parent.is_dir():
        raise OwnTableError(f"--out {out}: the folder {out.resolve().parent} does not exist; make it first")
    if out.is_dir() or (out.exists() and out.samefile(source)):
        raise OwnTableError(
            f"--out {out}: this is {'a folder' if out.is_dir() else 'the table itself'}; name another file"
        )


def write(tables: Iterable[pa.Table], schema: pa.Schema, out: Path | None) -> int:
    """Write tables of one schema one after the other; return the rows."""
    if out is None:
        return _write_csv(_for_people(tables) if sys.stdout.isatty() else tables, schema, sys.stdout.buffer)
    with _draft(out) as draft:
        if out.name.lower().endswith(".parquet"):
            return _write_parquet(tables, schema, draft)
        packed: Callable[[BinaryIO], BinaryIO] = _packed if out.name.lower().endswith(".gz") else lambda stream: stream
        with draft.open("wb") as stream, packed(stream) as inner:
            return _write_csv(tables, schema, inner)


def _packed(stream: BinaryIO) -> BinaryIO:
    return gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=6)  # type: ignore[return-value]


@contextmanager
def _draft(out: Path) -> Iterator[Path]:
    draft = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _write_csv(tables: Iterable[pa.Table], schema: pa.Schema, stream: BinaryIO) -> int:
    rows = 0
    with pacsv.CSVWriter(stream, schema) as writer:
        for table in tables:
            writer.write_table(table)
            rows += table.num_rows
    stream.flush()
    return rows


def _write_parquet(tables: Iterable[pa.Table], schema: pa.Schema, path: Path) -> int:
    rows = 0
    with pq.ParquetWriter(path, schema) as writer:
        for table in tables:
            writer.write_table(table)
            rows += table.num_rows
    return rows


def _for_people(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Names without control characters, where a terminal would obey them."""
    for table in tables:
        column = table.column("series")
        names = pc.unique(column)
        plain = pa.array([harmless(name.as_py()) for name in names], pa.string())
        yield table.set_column(0, "series", plain.take(pc.index_in(column, value_set=names)))
