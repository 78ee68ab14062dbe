"""The command that says how good alerts are."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli_context import AsJson
from pipelines.shell import console, output
from pipelines.workspace import Workspace


def evaluate(
    context: typer.Context,
    backtest_name: Annotated[str, typer.Option("--backtest", help="Name of the backtest.")] = "default",
    labels: Annotated[bool, typer.Option("--labels", help="Live alerts by people's verdicts.")] = False,
    measure: Annotated[
        str | None,
        typer.Option("--inject", metavar="MEASURE", help="Put known trouble into orders, units, gmv or visitors."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="inject: last day judged; by default the newest.")
    ] = None,
    weeks: Annotated[int, typer.Option(min=2, max=52, help="inject: weeks that are judged.")] = 12,
    seed: Annotated[int, typer.Option(help="inject: seed of onsets and draws.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Say how good alerts are: on a backtest's truth, by people's verdicts, or on trouble put into real series."""
    from pipelines import evaluate as judging
    from pipelines import evaluate_inject as injecting
    from pipelines.instance import prepare_environment
    from pipelines.newest_day import newest_complete_day

    workspace: Workspace = context.obj
    prepare_environment(workspace)
    if measure is None:
        result = judging.evaluate_all(workspace, backtest_name, labels)
        if as_json:
            print(judging.as_json(result))  # noqa: T201
        else:
            judging.print_evaluation(result, output)
        return
    with console.status("injecting") as status:
        last = until.date() if until else newest_complete_day(workspace)
        run = injecting.injected_run(workspace, measure, last, weeks, seed, status.update)
    if as_json:
        print(json.dumps(run.as_dict()))  # noqa: T201
    else:
        injecting.print_run(run, output)
