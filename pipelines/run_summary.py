"""What a run leaves on the terminal: the day in one line per thing, and where the pages lie."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pipelines.views import open_views
from pipelines.workspace import Workspace


def summary(workspace: Workspace, day: date) -> str:
    """Return lines for the terminal about a day that was run."""
    sql = Path(__file__).with_name("run_summary.sql").read_text(encoding="utf-8")
    tables = ["leg_status", "incidents", "alerts", "prompts", "run_log", "rejected_rows"]
    with open_views(workspace.lake, tables) as connection:
        counts = connection.execute(sql, {"as_of": day}).fetchall()
    lines = [f"{workspace.config.platform_name}, {day}"]
    lines += [f"  {what}: {count}" for what, count in counts]
    return "\n".join(lines + _where(workspace))


def _where(workspace: Workspace) -> list[str]:
    pointer = workspace.pages / "latest.json"
    found = json.loads(pointer.read_text(encoding="utf-8")) if pointer.exists() else {}
    folder = workspace.pages / str(found.get("day", ""))
    lines = [f"  pages: {folder}"]
    lines += [f"  {name}: {folder / found[name]}" for name in ("tower", "example") if name in found]
    return [*lines, f"  warehouse: {workspace.published / 'warehouse' / 'latest.duckdb'}"]
