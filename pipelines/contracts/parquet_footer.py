"""The footer of a Parquet file is believed only where it speaks of bytes that the file has.

Why: DuckDB takes a footer at its word, and a negative length ends not the statement but the whole engine, with every
other file of the batch. So footers are read by an engine of their own, which holds nothing and may die.
"""

from __future__ import annotations

import re
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
    query = (HERE / "parquet_footer.sql").read_text(encoding="utf-8")
    try:
        rows = _engine().cursor().execute(query, {"path": str(path), "size": path.stat().st_size}).fetchall()
    except duckdb.Error as error:
        _engine.cache_clear()  # an engine that met an internal error answers nothing any more
        said = str(error).partition("\n")[0].split("Error: ", 1)[-1]
        return re.sub(rf"""( in file| file)? ['"]{re.escape(str(path))}['"]""", "", said)[:120]
    return f"its footer places column {rows[0][0]!r} outside the file" if rows else ""


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute("SET memory_limit = '500MB'")
    return connection
