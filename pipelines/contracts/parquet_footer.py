"""The footer of a Parquet file is believed only where it speaks of bytes that the file has.

Why: DuckDB takes a footer at its word, and a negative length ends not the statement but the whole engine, with every
other file of the batch. So footers are read by an engine of their own, which holds nothing and may die.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb

HERE = Path(__file__).parent


def astray(path: Path) -> str:
    """Say what a footer claims that its file cannot hold; empty when nothing is astray.

    Parameters
    ----------
    path : Path
        A Parquet file whose schema could be read.
    """
    try:
        column = _first_outside([path])
    except duckdb.Error as error:
        said = str(error).partition("\n")[0].split("Error: ", 1)[-1]
        return re.sub(rf"""( in file| file)? ['"]{re.escape(str(path))}['"]""", "", said)[:120]
    return f"its footer places column {column!r} outside the file" if column is not None else ""


def none_astray(paths: Sequence[Path]) -> bool:
    """Whether all footers can be believed; asked of many files at once it takes a seventh of the time.

    Parameters
    ----------
    paths : sequence of Path
        Files that are named as Parquet, whatever they hold.
    """
    try:
        return not paths or _first_outside(paths) is None
    except (duckdb.Error, OSError):
        return False


def _first_outside(paths: Sequence[Path]) -> str | None:
    query = (HERE / "parquet_footer.sql").read_text(encoding="utf-8")
    of_files = {"paths": [str(path) for path in paths], "sizes": [path.stat().st_size for path in paths]}
    try:
        rows = _engine().cursor().execute(query, of_files).fetchall()
    except duckdb.Error:
        _engine.cache_clear()  # an engine that met an internal error answers nothing any more
        raise
    return rows[0][0] if rows else None


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute("SET memory_limit = '500MB'")
    return connection
