"""The command that writes a simulated platform into the workspace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.shell import progress_bar, say

END = datetime(2026, 10, 30)  # noqa: DTZ001 - a day of the platform, not of the machine


def simulate(
    context: typer.Context,
    merchants: Annotated[int, typer.Option(min=1)] = 500,
    days: Annotated[int, typer.Option(min=30)] = 400,
    end: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])] = END,
    seed: Annotated[int, typer.Option()] = 1,
    scenarios: Annotated[
        Path | None, typer.Option(help="What goes wrong: all, held_out, none, or a YAML file of scenarios.")
    ] = None,
    noise: Annotated[
        str | None, typer.Option(help="negative_binomial, zero_inflated, autocorrelated or heavy_tailed.")
    ] = None,
    parameters: Annotated[
        Path | None, typer.Option(help="Kind of platform: small_sellers, or a YAML file of differences.")
    ] = None,
) -> None:
    """Write simulated feeds into landing/ and the truth into truth/."""
    from pipelines.instance import prepare_environment
    from pipelines.simulate import simulate as run_simulation

    prepare_environment(context.obj)
    with progress_bar("simulating") as progress:
        report = run_simulation(
            context.obj, merchants, days, end.date(), seed, scenarios, progress, noise=noise, parameters=parameters
        )
    say(str(report))
