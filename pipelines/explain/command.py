"""`merchant-gps explain MERCHANT`: why and why not, for one merchant and day."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli_context import AsJson, or_fail, print_json, workspace_of
from pipelines.shell import say


def explain(
    context: typer.Context,
    merchant: Annotated[str, typer.Argument(metavar="MERCHANT", help="Id of the merchant.")],
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="A navigated day; the newest by default.")
    ] = None,
    leg: Annotated[str, typer.Option(help="Only this leg of the route.")] = "",
    backtest: Annotated[str, typer.Option(metavar="NAME", help="Of a backtest instead of the live tables.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the whole chain of numbers of a merchant's day: what opened an alert, what did not, and why."""
    from models.metrics.catalogue import LEGS
    from pipelines.explain.page import page
    from pipelines.explain.reading import explain as read

    if leg and leg not in LEGS:
        raise typer.BadParameter(f"{leg!r} is not one of {', '.join(LEGS)}", param_hint="--leg")
    told = or_fail(read, workspace_of(context), merchant, day.date() if day else None, backtest)
    if as_json:
        print_json({"as_of": told.as_of, "backtest": backtest, **told.chapters})
        return
    for line in page(told, leg):
        say(line or " ")
