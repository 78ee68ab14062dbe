"""What a run leaves on the terminal: the day in one line per thing, and where the pages lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.defs.publishing.naming import page_names
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
    return "\n".join(lines + _where(workspace, day))


def _where(workspace: Workspace, day: date) -> list[str]:
    names, folder = page_names(workspace), workspace.pages / day.isoformat()
    with open_views(workspace.lake, ["merchant_risk"]) as connection:
        first = connection.execute(
            "SELECT merchant_id FROM merchant_risk WHERE as_of = $as_of ORDER BY rank LIMIT 1", {"as_of": day}
        ).fetchall()
    lines = [f"  pages: {folder}", f"  tower: {folder / names.tower}.html"]
    lines += [f"  a merchant's page: {folder / names.name(merchant)}.html" for (merchant,) in first]
    return [*lines, f"  warehouse: {workspace.published / 'warehouse' / 'latest.duckdb'}"]
