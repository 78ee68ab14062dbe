"""What commands print: lines, progress bars and tables; names of strangers cannot move the cursor or the colours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NoReturn, TextIO

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

# Into a file or a pipe, tables are as wide as they need to be and messages stay on one line.
WIDE = 240


def _width(stream: TextIO) -> int | None:
    return None if stream.isatty() else WIDE


console = Console(stderr=True, highlight=False, width=_width(sys.stderr))
output = Console(highlight=False, soft_wrap=True, width=_width(sys.stdout))


def harmless(text: object) -> str:
    """Text without control characters, so that a merchant's name cannot steer the terminal."""
    return "".join(character if character.isprintable() else "�" for character in str(text))


def say(text: str) -> None:
    """Print text for a person, line by line."""
    for line in str(text).splitlines():
        output.print(escape(harmless(line)))


def fail(message: str, status: int = 1) -> NoReturn:
    """Print what went wrong and how to mend it, and end with a status."""
    first, *more = str(message).splitlines() or [""]
    console.print(f"[red]error:[/red] {escape(harmless(first))}", soft_wrap=True)
    for line in more:
        console.print(escape(harmless(line)), soft_wrap=True)
    raise typer.Exit(status) if status == 2 else SystemExit(status)


class Bar:
    """A progress bar that counts parts of named phases."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._task = progress.add_task(name, total=None)

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` parts of `what` are done."""
        self._progress.update(self._task, description=escape(harmless(what)), completed=done, total=total)

    def day(self, day: date, done: int, total: int) -> None:
        """Show the day that is being worked on."""
        self(day.isoformat(), done, total)


@contextmanager
def progress_bar(name: str) -> Iterator[Bar]:
    """Show a bar on the terminal while the block runs."""
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False) as progress:
        yield Bar(progress, name)


def print_frame(frame: pd.DataFrame, title: str) -> None:
    """Print a table for a person."""
    table = Table(title=escape(title))
    for column in frame.columns:
        table.add_column(
            escape(str(column)), justify="right" if pd.api.types.is_numeric_dtype(frame[column]) else "left"
        )
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    output.print(table)


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:,.3f}"
    return escape(harmless(value))
