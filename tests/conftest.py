"""Small lakes for tests: rows given as dictionaries, everything else filled with NULL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import settings

from pipelines.buckets import bucket_of
from pipelines.contracts.feeds import feeds
from pipelines.workspace import Workspace

Deliver = Callable[..., None]

# A busy machine is slow, not wrong.
settings.register_profile("default", deadline=None)
settings.load_profile("default")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace with two buckets and all other settings at their defaults."""
    (tmp_path / "config.yaml").write_text("buckets: 2\n", encoding="utf-8")
    return Workspace.at(tmp_path)


def deliver_into(workspace: Workspace) -> Deliver:
    """Return a function that appends rows of a feed to the lake as delivered on a day."""

    def append(feed: str, known_on: date, *rows: dict[str, Any]) -> None:
        schema = feeds()[feed].lake_schema
        filled = [
            {
                **dict.fromkeys(schema.names),
                "bucket": bucket_of(row["merchant_id"], 2) if "merchant_id" in row else None,
                "known_on": known_on,
                "known_on_assumed": False,
                "file": f"{known_on}.csv",
                "line": line,
                "known_month": known_on.isoformat()[:7],
                **row,
            }
            for line, row in enumerate(rows, start=2)
        ]
        filled = [{name: row[name] for name in schema.names} for row in filled]
        workspace.lake.append(feed, pa.Table.from_pylist(filled, schema=schema), partition_by=["known_month"])

    return append


@pytest.fixture
def deliver(workspace: Workspace) -> Deliver:
    """Return a function that appends rows of a feed to the lake as delivered on a day."""
    return deliver_into(workspace)


@pytest.fixture(scope="session")
def delivering() -> Callable[[Workspace], Deliver]:
    """Return the maker of such functions, for workspaces that several tests share."""
    return deliver_into
