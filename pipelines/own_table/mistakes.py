"""What is wrong with a table's rows, said so that an analyst can mend it: what, in which rows, and what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.wording import shown
from pipelines.own_table.columns import Columns, OwnTableError
from pipelines.own_table.opening import Source

SHOWN = 5
WORDS = {
    "series: empty": ("have no name of a series", "fill the column in, or leave the rows out"),
    "series: nul": ("have a NUL character in the name of a series", "take the NUL characters out"),
    "date: empty": ("have no date", "fill the column in, or leave the rows out"),
    "date: unreadable": (
        "have a date that cannot be read, or one outside 1900 to 2199",
        "write dates as 2026-10-31, or say how they are written, such as --date-format %d.%m.%Y",
    ),
    "date: time": ("have a time of day", "this forecasts daily values: add the hours of a day up first"),
    "value: unreadable": (
        "have a value that is no number",
        "write figures as 1234.5, without separators or units; leave unknown ones empty",
    ),
    "value: infinite": ("have an infinite value", "write a figure, or leave unknown ones empty"),
    "value: negative": (
        "have a negative value",
        "volumes are zero or more: keep returns apart from sales, or leave unknown days empty",
    ),
    "value: huge": ("have a value above 1e15", "choose a larger unit"),
    "open: unreadable": ("have an `open` that is neither yes nor no", "write true or false, or 1 or 0"),
    "promotion: unreadable": (
        "have a `promotion` that is no flag and no depth",
        "write true or false, or a depth between 0 and 1",
    ),
    "price: unreadable": (
        "have a price that is no number",
        "write prices as 12.50, without separators or currency; leave unknown ones empty",
    ),
    "price: no price": (
        "have a price that is not above zero, or above 1e15",
        "write a price, or leave unknown ones empty",
    ),
    "holiday: unreadable": ("have a `holiday` that is neither yes nor no", "write true or false, or 1 or 0"),
}


def check_rows(connection: duckdb.DuckDBPyConnection, source: Source, columns: Columns) -> None:
    """Refuse a table with rows that cannot be used.

    Raises
    ------
    OwnTableError
        Names every kind of mistake with how many rows have it, the first ones, and how to mend it.
    """
    found = run_sql(connection, "mistakes.sql", shown=SHOWN).fetchall()
    if found:
        lines = [_line(connection, columns, *row) for row in found]
        raise OwnTableError(
            f"{source.path} cannot be forecast as it is; rows are counted below the header:\n" + "\n".join(lines)
        )
    twice = run_sql(connection, "twice.sql", shown=SHOWN).fetchall()
    if twice:
        raise OwnTableError(_twice(source, columns, twice))


def _line(connection: duckdb.DuckDBPyConnection, columns: Columns, mistake: str, rows: int, examples: list[int]) -> str:
    role = mistake.split(":")[0]
    what, mend = WORDS[mistake]
    cells = connection.execute(
        f"SELECT row, {role}_text FROM cells WHERE list_contains($rows, row) ORDER BY row", {"rows": examples}
    ).fetchall()
    named = ", ".join(f"row {row}: {_cell(cell)}" for row, cell in cells)
    return f"- {rows:,} rows {what} (column {shown(columns.of(role) or role)}; {named}); {mend}"


def _cell(cell: str | None) -> str:
    return "empty" if cell is None or not cell.strip() else shown(cell)


def _twice(source: Source, columns: Columns, rows: list[Any]) -> str:
    first = ", ".join(f"{shown(series)} on {day} (rows {one} and {other})" for series, day, one, other, _ in rows)
    if columns.series is None:
        return (
            f"{source.path}: {rows[0][4]:,} days stand more than once, and no column looks like the name of a series; "
            f"the first: {first}; name that column with --series, one of {', '.join(map(shown, source.columns))}"
        )
    return (
        f"{source.path}: {rows[0][4]:,} days of a series (column {shown(columns.series)}) stand more than once; "
        f"the first: {first}; add them up or leave one out, or name another column with --series"
    )


def run_sql(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> duckdb.DuckDBPyConnection:
    """Run the SQL file `name` beside this file; parameters are bound."""
    return connection.execute(sql_of(name), parameters or None)


def sql_of(name: str) -> str:
    """Text of the SQL file `name` beside this file."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
