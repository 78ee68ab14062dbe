"""A CSV or Parquet file as a view of an engine, every cell as text beside its row's number.

The idea: an engine that guesses types and quotes drops what does not fit its guess. So the header is read here, cells
stay text until they are judged, and the rows that the engine found are compared with a count of the bytes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.contracts.landing import LandingFile
from pipelines.contracts.look import Look, chunks_of, look_at
from pipelines.contracts.wording import visible
from pipelines.own_table.columns import Columns, OwnTableError

DELIMITERS = ",;\t|"
MOST_LINE_BYTES = 4_194_304
COMMA_HEADER = "has a header that cannot be read"


@dataclass(frozen=True)
class Source:
    """A file that has been looked at: its columns and how many records plain counting found."""

    path: Path
    columns: tuple[str, ...]
    records: int
    delimiter: str = ","
    is_parquet: bool = False


def look(path: Path) -> Source:
    """Look at a file before an engine reads it.

    Raises
    ------
    OwnTableError
        When there is no such file, or it is none that can be read.
    """
    if not path.is_file():
        raise OwnTableError(f"{path}: no such file; name a CSV, CSV.gz or Parquet file")
    file = LandingFile("", path, None, is_history=True, size=0, modified=0)
    found = look_at(file)
    if found.problem and not found.problem.startswith(COMMA_HEADER):
        raise OwnTableError(f"{path} {visible(found.problem)}")
    if found.cr_ends:
        raise OwnTableError(f"{path}: lines end with CR alone; save the file with LF line ends")
    if file.is_parquet:
        source = Source(path, found.columns, found.records, is_parquet=True)
    else:
        source = _csv_source(path, found)
    if source.records == 0:
        raise OwnTableError(f"{path} holds a header and no rows; a forecast needs at least two weeks of days")
    return source


def _csv_source(path: Path, found: Look) -> Source:
    first = next(chunks_of(path)).split(b"\n", 1)[0].removesuffix(b"\r")
    try:
        line = first.decode("utf-8")
        delimiter = max(DELIMITERS, key=line.count)
        names = next(csv.reader([line], delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise OwnTableError(f"{path}: the header cannot be read ({error}); save the file as CSV in UTF-8") from error
    return Source(path, tuple(names), found.records, delimiter)


def open_source(connection: duckdb.DuckDBPyConnection, source: Source, columns: Columns, roles: Sequence[str]) -> None:
    """Create the view `cells`: `row` (1 = first below the header), a text column per role (NULL where none is)."""
    picked = ", ".join(
        f"CAST({_identifier(name)} AS VARCHAR) AS {role}_text" if (name := columns.of(role)) else f"NULL AS {role}_text"
        for role in roles
    )
    if source.is_parquet:
        rows = "file_row_number + 1 AS row"
        reader = f"read_parquet({_literal(str(source.path))}, file_row_number = true, hive_partitioning = false)"
    else:
        rows = "row_number() OVER () AS row"
        typed = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in source.columns)
        reader = (
            f"read_csv({_literal(str(source.path))}, columns = {{{typed}}}, header = true, auto_detect = false, "
            f"delim = {_literal(source.delimiter)}, quote = '\"', escape = '\"', hive_partitioning = false, "
            f"max_line_size = {MOST_LINE_BYTES}, strict_mode = true)"
        )
    with told(source.path):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW cells AS SELECT {rows}, {picked} FROM {reader}")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the engine says of a file into a message that says what to do."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = visible(" ".join(lines[:2]).split("Error: ", 1)[-1])[:300]
        raise OwnTableError(
            f"{path} cannot be read: {reason}; save it as CSV in UTF-8 with one field per "
            "column of the header, or as Parquet"
        ) from error


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
