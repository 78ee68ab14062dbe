"""Reads a backtest and the simulator's truth, and says how good the alerts were.

The only reader of `truth/` in the project: nothing here feeds back into a run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from models.evaluation.families import evaluate_families
from models.evaluation.groups import evaluate_groups
from models.evaluation.policy import EvaluationPolicy
from pipelines.shell import harmless
from pipelines.workspace import Workspace
from pipelines.yaml_file import load_yaml


class NothingToEvaluate(ValueError):  # noqa: N818 - reads as the sentence it is
    """The backtest or the truth is missing; the message says how to make it."""


@dataclass(frozen=True)
class Evaluation:
    """Scores of one backtest: per family, and per group episode."""

    backtest: str
    first_on: date
    last_on: date
    days: int
    merchants: int
    families: pd.DataFrame
    groups: pd.DataFrame


def evaluate(workspace: Workspace, backtest: str) -> pd.DataFrame:
    """Score the alerts of a backtest per family; see `models.evaluation.families.evaluate_families`."""
    return evaluate_all(workspace, backtest).families


def evaluate_all(workspace: Workspace, backtest: str) -> Evaluation:
    """Score a backtest per family and per group episode.

    Parameters
    ----------
    backtest
        Name under `lake/backtest/`; empty for the live lake.

    Raises
    ------
    NothingToEvaluate
        When there is no truth, or the backtest navigated no day.
    """
    truth_path = workspace.truth / "episodes.parquet"
    if not truth_path.exists():
        raise NothingToEvaluate(f"{truth_path} does not exist; only simulated data have a truth: merchant-gps simulate")
    lake = workspace.lake.scoped(backtest)
    navigated = lake.read("leg_status", ["as_of", "merchant_id"]).to_pandas().drop_duplicates()
    if navigated.empty:
        raise NothingToEvaluate(
            f"backtest '{backtest}' has navigated no day; run: merchant-gps backtest --from D1 --to D2 --every K"
        )
    days = pd.to_datetime(navigated["as_of"])
    alerts, incidents = lake.read("alerts").to_pandas(), lake.read("incidents").to_pandas()
    episodes = pd.read_parquet(truth_path)
    policy = load_yaml(workspace.policy_path("evaluation.yaml"), EvaluationPolicy)
    families = evaluate_families(alerts, incidents, episodes, len(navigated), policy, days.min(), days.max())
    return Evaluation(
        backtest=backtest,
        first_on=days.min().date(),
        last_on=days.max().date(),
        days=days.nunique(),
        merchants=navigated["merchant_id"].nunique(),
        families=families,
        groups=evaluate_groups(alerts, incidents, episodes, policy, days.min(), days.max()),
    )


def as_json(result: Evaluation) -> str:
    """Scores as JSON; a share of nothing is null."""
    return json.dumps(
        {
            "backtest": result.backtest,
            "first_on": result.first_on.isoformat(),
            "last_on": result.last_on.isoformat(),
            "days": result.days,
            "merchants": result.merchants,
            "families": json.loads(result.families.to_json(orient="records")),
            "groups": json.loads(result.groups.to_json(orient="records", date_format="iso")),
        },
        ensure_ascii=False,
    )


def print_evaluation(result: Evaluation, console: Console) -> None:
    """Print both tables for a person."""
    title = f"{result.backtest or 'live'}: {result.merchants} merchants, {result.days} days from {result.first_on} to"
    console.print(_table(f"{title} {result.last_on}", result.families))
    if len(result.groups):
        console.print(_table("Incidents of groups", result.groups.drop(columns="episode_id")))


def _table(title: str, frame: pd.DataFrame) -> Table:
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
