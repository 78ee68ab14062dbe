"""The files of a foreign layout as views of an engine, so that an importer is little more than SQL.

The idea: a layout comes under several names (the official CSV, a Parquet copy, a sample), all with the same columns;
the importer names them in order of preference and its SQL asks for the view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

MOST_CHARACTERS = 300


class LayoutError(ValueError):
    """The files are not of the layout that the importer knows; says which and why."""


@contextmanager
def _layout_checked(where: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        reason = " ".join(str(error).split())[:MOST_CHARACTERS]
        raise LayoutError(
            f"{where}: the files do not have the layout that this importer knows ({reason}); "
            "are they whole, and from the source that the guide names?"
        ) from error


def open_sources(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    files: Mapping[str, Sequence[str]],
    where: str,
    time_format: str | None = None,
    unknown: str = "",
) -> dict[str, Path]:
    """Make a view per source file; return the file behind each view.

    Parameters
    ----------
    files : mapping of view -> file names
        The first name that is there is read.
    where
        Where the data can be had; part of the message when a file is missing.
    time_format
        How a CSV file writes times, in the signs of strptime; None where they are ISO 8601.
    unknown
        What a CSV file writes where a value is not known.

    Raises
    ------
    FileNotFoundError
        When none of a view's files is there.
    LayoutError
        When a file cannot be read.
    """
    found = {}
    for view, names in files.items():
        path = next((folder / name for name in names if (folder / name).is_file()), None)
        if path is None:
            raise FileNotFoundError(f"{folder}: none of {', '.join(names)} is there; {where}")
        with _layout_checked(str(path)):
            _relation(connection, path, time_format, unknown).create_view(view)
        found[view] = path
    return found


def run_sql(
    connection: duckdb.DuckDBPyConnection, beside: str, name: str, **parameters: object
) -> duckdb.DuckDBPyRelation | None:
    """Run the SQL file `name` beside the Python file `beside`; parameters are bound."""
    sql = (Path(beside).parent / name).read_text(encoding="utf-8")
    with _layout_checked(name):
        return connection.sql(sql, params=parameters or None)


def read_sql(connection: duckdb.DuckDBPyConnection, beside: str, name: str, **parameters: object) -> pa.Table:
    """Run a SELECT of a file and return its rows."""
    relation = run_sql(connection, beside, name, **parameters)
    assert relation is not None, f"{name} is not a SELECT"
    with _layout_checked(name):
        return relation.to_arrow_table()


def _relation(
    connection: duckdb.DuckDBPyConnection, path: Path, time_format: str | None, unknown: str
) -> duckdb.DuckDBPyRelation:
    if path.suffix == ".parquet":
        return connection.read_parquet(str(path))
    # Words of all rows decide a column's type: the first rows of a large file may hold nothing but 0.
    return connection.read_csv(
        str(path), header=True, sample_size=-1, timestamp_format=time_format, na_values=[unknown]
    )
