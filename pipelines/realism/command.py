"""The command that says how real a platform looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pipelines.shell import console, say
from pipelines.workspace import Workspace


def realism(
    context: typer.Context,
    real: Annotated[
        Path | None, typer.Option(help="Workspace with real shops: a classifier is asked to tell them apart.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Hold the landing files against figures measured on real shops; changes nothing."""
    from pipelines.realism.report import realism_report

    with console.status("measuring"):
        report = realism_report(context.obj, Workspace.at(real) if real else None)
    if as_json:
        print(json.dumps(report.as_dict()))  # noqa: T201
    else:
        say("\n".join(report.told()))
