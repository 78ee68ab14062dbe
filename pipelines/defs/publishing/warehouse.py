"""The published DuckDB file: every table under its own name, with its description, for analysts.

A DuckDB file takes one writer and locks its readers out, so no step keeps one open. Each publication is a new file;
`latest` names it and `latest.duckdb` leads to it, both swapped in one move. The file holds views over the lake's
Parquet files rather than a copy: it is made in a second whatever the size, and shows what the day's run left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.contracts.feeds import FeedColumn, feeds
from pipelines.day import Day
from pipelines.defs.publishing.files import drafted, drop_drafts, write_text
from pipelines.lake import Lake
from pipelines.tables import Column, tables
from pipelines.views import create_view

KEEP = 3  # publications; an analyst may still be reading the one before


def warehouse(day: Day) -> dict[str, int]:
    """Publish the warehouse of a day's run; return the number of tables in it."""
    folder = day.workspace.published / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(day.config.zone).strftime("%Y%m%dT%H%M%S%f")
    name = f"{day.as_of.isoformat()}-{stamp}.duckdb"
    drop_drafts(folder)
    with drafted(folder / name) as draft:
        count = _fill(draft, day.lake)
    _point(folder, name)
    _forget(folder, name)
    return {"warehouse": count}


def _fill(path: Path, lake: Lake) -> int:
    names = [*feeds(), *tables()]
    written = 0
    with duckdb.connect(str(path)) as connection:
        for name in names:
            if lake.exists(name):
                create_view(connection, lake, name, temporary=False)
                _describe(connection, name)
                written += 1
    return written


def _describe(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    meaning = tables().get(name)
    description = meaning.description if meaning else feeds()[name].description
    columns: Mapping[str, Column | FeedColumn] = meaning.columns if meaning else feeds()[name].columns
    connection.execute(f'COMMENT ON VIEW "{name}" IS {_quoted(description)}')
    present = {row[0] for row in connection.execute(f'DESCRIBE "{name}"').fetchall()}
    for column in present & set(columns):
        text = f"{columns[column].description} ({columns[column].unit})".removesuffix(" ()")
        connection.execute(f'COMMENT ON COLUMN "{name}"."{column}" IS {_quoted(text)}')


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _point(folder: Path, name: str) -> None:
    with drafted(folder / "latest.duckdb") as link:
        link.unlink(missing_ok=True)
        link.symlink_to(name)
    write_text(folder / "latest", name + "\n")


def _forget(folder: Path, newest: str) -> None:
    published = sorted(
        (path for path in folder.glob("*.duckdb") if not path.is_symlink()), key=lambda p: p.stat().st_mtime
    )
    for path in published[:-KEEP]:
        if path.name != newest:
            path.unlink(missing_ok=True)
