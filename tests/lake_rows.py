"""What a test looks at in a lake, straight from its files: an engine takes ten times as long to start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.workspace import Workspace


def rows_of(workspace: Workspace, table: str, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Rows of a table as they were written; of a missing table, none."""
    delta = workspace.lake.delta(table)
    return delta.to_pyarrow_table(columns=list(columns) or None).to_pylist() if delta else []
