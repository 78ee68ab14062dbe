"""`merchant-gps forecast-csv FILE`: a forecast of any table of daily series, for whoever wants nothing else.

Needs neither a workspace nor Dagster. The forecast goes to standard output or a file; what was read, what is not used
and what went wrong goes to standard error.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.shell import console, harmless

MOST_DAYS = 56  # as far as the daily forecast looks

Column = typer.Option(help="Name of the column; recognised by its name if left out.", metavar="NAME")


def forecast_csv(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, CSV.gz or Parquet: a row per series and day.")],
    series: Annotated[str | None, Column] = None,
    date: Annotated[str | None, Column] = None,
    value: Annotated[str | None, Column] = None,
    group: Annotated[str | None, Column] = None,
    open_: Annotated[str | None, typer.Option("--open", help="Flag: open on the day.", metavar="NAME")] = None,
    promotion: Annotated[str | None, typer.Option(help="Flag or depth, 0 to 1.", metavar="NAME")] = None,
    holiday: Annotated[str | None, typer.Option(help="Flag.", metavar="NAME")] = None,
    price: Annotated[str | None, typer.Option(help="Price asked, past and planned.", metavar="NAME")] = None,
    date_format: Annotated[str, typer.Option(help="How dates are written, such as %d.%m.%Y.")] = "",
    events: Annotated[Path | None, typer.Option(help="Calendar (.yaml) or rows of the feed `events` (.csv).")] = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Days ahead.")] = 28,
    out: Annotated[
        Path | None, typer.Option(help=".csv, .csv.gz or .parquet; CSV on standard output by default.")
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Quantiles of small counts are whole numbers.")] = False,
) -> None:
    """Forecast a table of daily series; needs no workspace."""
    asked = {
        "series": series, "date": date, "value": value, "group": group, "open": open_, "promotion": promotion,
        "holiday": holiday, "price": price,
    }  # fmt: skip
    try:
        run(file, asked, days, out, whole, events, date_format)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(
    file: Path,
    asked: dict[str, str | None],
    days: int = 28,
    out: Path | None = None,
    whole: bool = False,
    events: Path | None = None,
    date_format: str = "",
) -> int:
    """Read, forecast and write; return the rows written.

    Raises
    ------
    OwnTableError
        The table, the events or the place to write to cannot be used; says why and what to do.
    """
    from models.forecasting.policy import ForecastPolicy
    from pipelines.own_table.columns import choose_columns
    from pipelines.own_table.events import read_events
    from pipelines.own_table.forecast import SCHEMA, forecast_table
    from pipelines.own_table.opening import look
    from pipelines.own_table.panels import TableBlocks, setting_of
    from pipelines.own_table.reading import read_table
    from pipelines.own_table.writing import check_out, write
    from pipelines.workspace import shipped
    from pipelines.yaml_file import load_yaml

    source = look(file)
    check_out(out, file)
    columns = choose_columns(source.columns, asked)
    policy = load_yaml(shipped("policy") / "forecast.yaml", ForecastPolicy)
    known, lifts = read_events(events)
    with console.status("reading"), read_table(source, columns, policy, days, date_format) as table:
        for note in table.notes:
            _tell(note)
        setting, scope = setting_of(table, policy, days, known, lifts)
        rows = write(forecast_table(TableBlocks(table, setting, scope), days, whole), SCHEMA, out)
    where = f" in {out}" if out else ""
    _tell(f"{rows // days:,} series forecast for {days} days after {table.last_on}: {rows:,} rows{where}")
    return rows


def _tell(text: str) -> None:
    console.print(harmless(text), markup=False, soft_wrap=True)
