"""What every group of commands needs: the workspace of the call, known mistakes as one line, JSON for scripts."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from pipelines.feedback import NoSuchAlertError
from pipelines.shell import fail
from pipelines.workspace import Workspace
from reports.messages.clean import plain

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def workspace_of(context: typer.Context) -> Workspace:
    """The workspace that the root command opened, or the usual one."""
    workspace = context.find_root().obj
    return workspace if isinstance(workspace, Workspace) else Workspace.at()


def or_fail(work: Any, *arguments: Any, **named: Any) -> Any:
    """Do it; a known mistake becomes one line and status 1."""
    try:
        return work(*arguments, **named)
    except (NoSuchAlertError, ValueError, OSError) as error:
        fail(str(error))


def print_json(value: Any) -> None:
    """Print a value for scripts; ASCII cannot steer a terminal."""
    print(json.dumps(value, default=str, ensure_ascii=True))  # noqa: T201


def short(value: Any) -> str:
    """A figure in as many digits as a reader needs; texts as one harmless line."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return plain(value, 200)
