"""Replay past days as they were: the same steps, with the data known then, and no pages or messages.

A backtest writes to its own lake below `backtest/<name>/`, in tables of the same shape, never over live ones.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta

from pipelines.day import Day
from pipelines.defs.marts.step import update_mart
from pipelines.locks import held
from pipelines.past import past_built_once
from pipelines.run_log import logged
from pipelines.steps import steps_of_calculation
from pipelines.workspace import Workspace

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
Progress = Callable[[date, int, int], None]


def backtest_days(first: date, last: date, every: int) -> list[date]:
    """Days from `first` to `last` in steps of `every`.

    Raises
    ------
    ValueError
        When the range is empty or the step is not positive.
    """
    if first > last:
        raise ValueError(f"--from {first} lies after --to {last}")
    if every < 1:
        raise ValueError(f"--every must be at least 1, not {every}")
    return [first + timedelta(days=offset) for offset in range(0, (last - first).days + 1, every)]


def run_backtest(
    workspace: Workspace, name: str, first: date, last: date, every: int = 1, progress: Progress | None = None
) -> list[date]:
    """Replay days into `lake/backtest/<name>/`; return them.

    The lake of an earlier backtest of the same name is written over day by day.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"--name {name!r} becomes a folder: use up to 64 letters, digits, - and _")
    days = backtest_days(first, last, every)
    with held(workspace, f"backtest-{name}", who="another backtest of this name"):
        _replay(workspace, name, days, every, progress)
    return days


def _replay(workspace: Workspace, name: str, days: list[date], every: int, progress: Progress | None) -> None:
    for mart in ("merchant_day", "sku_day"):
        update_mart(workspace, mart)
    run_id = str(uuid.uuid4())
    for done, as_of in enumerate(days):
        if progress:
            progress(as_of, done, len(days))
        day = Day(workspace, as_of, "backtest", name, step_days=every)
        with past_built_once(workspace, as_of):
            for step in steps_of_calculation():
                logged(day, step.name, run_id, step.run)
