"""An evaluation as JSON for scripts, and as tables for people: every figure with its interval."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.shell import harmless

if TYPE_CHECKING:
    from pipelines.evaluate import Evaluation

# Columns of the printed tables: heading -> figure (with its interval) or count.
OF_EPISODES = {
    "episodes": "episodes", "found": "found", "recall": "recall", "matured": "matured", "of those": "recall_matured",
    "before harm": "before_harm", "lead, days": "median_lead_days", "root leg right": "root_leg_right",
    "benign alerted": "benign_alerted", "by chance": "benign_by_chance",
}  # fmt: skip
OF_ALERTS = {
    "alerts": "alerts", "backlog": "backlog", "judged": "judged_alerts", "precision": "precision",
    "per 1,000 merchant-days": "per_1000_merchant_days", "with backlog": "with_backlog_per_1000",
    "false": "false_per_1000", "told": "notified_per_1000",
}  # fmt: skip


def as_json(result: Evaluation) -> str:
    """Figures as JSON; a share of nothing is null."""
    return json.dumps(
        {
            "backtest": result.backtest,
            "source": result.source,
            "first_on": result.days.first_on.date().isoformat(),
            "last_on": result.days.last_on.date().isoformat(),
            "days": len(result.days.merchants),
            "merchants": int(result.days.merchants.max()),
            "merchant_days": result.days.merchant_days,
            "families": _records(result.families),
            "quality": _records(result.quality),
            "groups": _records(result.groups),
        },
        ensure_ascii=False,
    )


def _records(frame: pd.DataFrame) -> Any:
    return json.loads(frame.to_json(orient="records", date_format="iso"))


def print_evaluation(result: Evaluation, console: Console) -> None:
    """Print the tables for a person."""
    days = result.days
    of, number = f"{result.backtest or 'live'}, by {result.source}", f"{int(days.merchants.max())} merchants"
    span = f"{len(days.merchants)} days from {days.first_on.date()} to {days.last_on.date()}"
    console.print(f"{of}: {number}, {span}; intervals of 95 %")
    if result.source == "truth":
        console.print(_figures("Episodes found, by family", "family", result.families, OF_EPISODES))
        console.print(_figures("Alerts on the families' root legs", "family", result.families, OF_ALERTS))
        console.print(_figures("Episodes found, by door", "opened_by", result.doors, OF_EPISODES))
    console.print(_figures("Alerts, by door", "opened_by", result.doors, OF_ALERTS))
    if len(result.groups):
        console.print(_plain("Incidents of groups", result.groups.drop(columns="episode_id")))


def _figures(title: str, name: str, frame: pd.DataFrame, columns: Mapping[str, str]) -> Table:
    known = {heading: column for heading, column in columns.items() if frame[column].notna().any()}
    table = Table(title=title)
    table.add_column(name.replace("_", " "))
    for heading in known:
        table.add_column(heading, justify="right")
    for row in frame.to_dict("records"):
        table.add_row(_cell(row[name]), *(_with_interval(row, column) for column in known.values()))
    return table


def _with_interval(row: Mapping[Any, Any], column: str) -> str:
    value, low, high = row[column], row.get(f"{column}_low"), row.get(f"{column}_high")
    if low is None or pd.isna(low):
        return _cell(value)
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def _plain(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=title)
    for column in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[column])
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left")
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}"
    text = value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
    return escape(harmless(text))
