"""A day with one well-known merchant: a hundred units a day, stock for five days, a delivery on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipelines.buckets import bucket_of
from pipelines.day import Day
from pipelines.workspace import Workspace

AS_OF = date(2026, 10, 30)


@pytest.fixture
def day(workspace: Workspace) -> Day:
    """The day that is navigated."""
    return Day(workspace, AS_OF)


@pytest.fixture
def write_mart(workspace: Workspace) -> Callable[..., None]:
    """Return a function that writes rows into a mart; columns that are not given are NULL."""

    def write(table: str, *rows: dict[str, Any]) -> None:
        from pipelines.views import schema_of

        names = schema_of(table).names
        frame = pd.DataFrame(
            [
                {
                    **dict.fromkeys(names),
                    "bucket": bucket_of(row["merchant_id"], 2),
                    "known_on": row["date"],
                    **row,
                    "month": row["date"].isoformat()[:7],
                }
                for row in rows
            ]
        )
        workspace.lake.replace(table, "month = 'never'", frame)

    return write


@pytest.fixture
def write_made(day: Day) -> Callable[..., None]:
    """Return a function that writes rows of a table made on the day; columns that are not given are NULL."""

    def write(table: str, *rows: dict[str, Any]) -> None:
        from pipelines.tables import tables

        meaning = tables()[table]
        filled = [{**dict.fromkeys(meaning.columns), meaning.day_column: AS_OF, **row} for row in rows]
        import pyarrow as pa

        day.write(table, pa.Table.from_pylist(filled, schema=meaning.schema))

    return write


@pytest.fixture
def landed(workspace: Workspace) -> Callable[..., None]:
    """Return a function that notes a delivery of a file in the manifest."""

    def note(feed: str, **values: Any) -> None:
        import pyarrow as pa

        from pipelines.tables import tables

        known = workspace.lake.read("ingested_files", ["file"]).num_rows
        schema = tables()["ingested_files"].schema
        row = {**dict.fromkeys(schema.names), "feed": feed, "file": f"{known}.csv", "status": "accepted", **values}
        workspace.lake.append("ingested_files", pa.Table.from_pylist([row], schema=schema))

    return note
