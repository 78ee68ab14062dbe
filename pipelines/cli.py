"""The command `merchant-gps`: one thin layer over the functions that do the work.

Exit status: 0 done, 1 failed with a message that says how to mend it, 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.advice import explained
from pipelines.cli_context import AsJson
from pipelines.instance import prepare_environment
from pipelines.shell import console, fail, progress_bar, say
from pipelines.workspace import HOME_VARIABLE, Workspace, default_home

app = typer.Typer(
    name="merchant-gps",
    help="GPS navigation for every merchant of an e-commerce platform.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Home = Annotated[Path | None, typer.Option("--home", help="Workspace folder.", envvar=HOME_VARIABLE)]
DayOption = Annotated[datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="Statistics day to navigate.")]


@app.callback()
def root(context: typer.Context, home: Home = None) -> None:
    """Open the workspace that all commands work on."""
    context.obj = Workspace.at(home or default_home())


def opened(context: typer.Context) -> Workspace:
    """Workspace of the call, with the environment that Dagster needs."""
    workspace: Workspace = context.obj
    prepare_environment(workspace)
    return workspace


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new workspace.")],
    profile: Annotated[str, typer.Option(help="Policy profile, such as neutral or amazon_us.")] = "neutral",
) -> None:
    """Make a new company's workspace."""
    from pipelines.init import make_workspace

    say(make_workspace(folder, profile))


@app.command(name="import")
def import_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Layout, such as freshretailnet, or sql.")],
    source: Annotated[Path | None, typer.Option("--from", help="File or folder to read.")] = None,
    url: Annotated[str | None, typer.Option(help="sql: address of the database.")] = None,
    url_variable: Annotated[str | None, typer.Option(help="sql: environment variable that holds the address.")] = None,
    query_file: Annotated[Path | None, typer.Option(help="sql: query named after its feed, or a folder.")] = None,
    feed: Annotated[str | None, typer.Option(help="sql: feed of a query file with another name.")] = None,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="sql: day of delivery, :day.")] = None,
) -> None:
    """Turn a public layout, or what a database holds, into feeds."""
    from pipelines.importers import Wanted, WrongUsageError, import_source

    wanted = Wanted(source, url, url_variable, query_file, feed, day.date() if day else None)
    try:
        with console.status(f"importing {name}"):
            report = import_source(name, opened(context), wanted)
    except WrongUsageError as error:
        fail(str(error), status=2)
    say(str(report))


@app.command(name="export-contract")
def export_contract_(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="Folder to write to; contract/ of the workspace.")] = None,
) -> None:
    """Write empty templates, filled examples and the data dictionary for those who deliver feeds."""
    from pipelines.export_contract import export_contract

    say(str(export_contract(to or context.obj.home / "contract")))


@app.command()
def run(context: typer.Context, day: DayOption = None) -> None:
    """Take in what is new, navigate the day, publish and notify."""
    from pipelines.run import run_day

    say(run_day(opened(context), day.date() if day else None))


@app.command()
def backtest(
    context: typer.Context,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"])],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"])],
    every: Annotated[int, typer.Option(min=1, help="Days between two navigated days.")] = 1,
    name: Annotated[str, typer.Option(help="Its tables lie under lake/backtest/NAME.")] = "default",
) -> None:
    """Navigate past days with the data known then; no pages, no messages."""
    from pipelines.backtest import run_backtest
    from pipelines.run import ingest_all

    workspace = opened(context)
    ingest_all(workspace)
    with progress_bar("backtest") as progress:
        days = run_backtest(workspace, name, first.date(), last.date(), every, progress.day)
    say(f"{len(days)} days navigated into {workspace.lake.root}/backtest/{name}")


@app.command()
def demo(
    context: typer.Context,
    merchants: Annotated[int, typer.Option(min=1)] = 500,
    days: Annotated[int, typer.Option(min=30)] = 400,
    end: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])] = datetime(2026, 10, 30),  # noqa: DTZ001
    seed: Annotated[int, typer.Option()] = 1,
) -> None:
    """Simulate a platform, navigate its newest day (compared with the day before) and say where to look."""
    from pipelines.run import calculate_day, run_day
    from pipelines.simulate import simulate as run_simulation
    from pipelines.warm import compiled_meanwhile

    workspace = opened(context)
    with compiled_meanwhile():
        with progress_bar("simulating") as progress:
            run_simulation(workspace, merchants, days, end.date(), seed, None, progress)
        calculate_day(workspace, end.date() - timedelta(days=1))
    say(run_day(workspace, end.date()))


@app.command()
def dev(context: typer.Context, port: Annotated[int, typer.Option()] = 3000) -> None:
    """Open Dagster's UI on the workspace."""
    import subprocess

    environment = prepare_environment(opened(context))
    say(f"Dagster's UI: http://127.0.0.1:{port}   (workspace {environment[HOME_VARIABLE]}; stop with Ctrl-C)")
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "-m",
        "pipelines.definitions",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    raise typer.Exit(subprocess.call(command))


@app.command()
def maintain(context: typer.Context, as_json: AsJson = False) -> None:
    """Apply retention, put small files together and remove old ones."""
    from pipelines.maintenance import maintain_between_runs

    report = maintain_between_runs(opened(context))
    if as_json:
        print(json.dumps(report))  # noqa: T201
    else:
        for table, done in report.items():
            say(f"{table}: " + ", ".join(f"{what} {count}" for what, count in done.items()))


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Find what is wrong with the workspace and this machine, and say how to mend it; changes nothing."""
    from pipelines.doctor.examine import examine, exit_status, told

    findings = examine(context.obj)
    if as_json:
        print(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))  # noqa: T201
    else:
        say(told(findings))
    raise typer.Exit(exit_status(findings))


@app.command()
def check(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to check: prophet.")],
    day: DayOption = None,
    as_json: AsJson = False,
) -> None:
    """Hold the batched fit against Prophet itself on a day that has been forecast; ends with 1 where they disagree."""
    from pipelines.check_prophet import check_prophet

    if name != "prophet":
        fail(f"no check is called {name!r}; known: prophet", status=2)
    with console.status("asking Prophet"):
        asked = check_prophet(opened(context), day.date() if day else None)
    if as_json:
        print(json.dumps(asked.figures()))  # noqa: T201
    else:
        say("\n".join(asked.told()))
    raise typer.Exit(1 if asked.complaints else 0)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="What to measure: day, forecast or risk.")],
    merchants: Annotated[str, typer.Option(help="day: sizes, such as 1000,10000.")] = "1000",
    days: Annotated[int, typer.Option(min=60, help="day: length of the history.")] = 400,
    series: Annotated[str | None, typer.Option(help="forecast, risk: sizes, such as 1000,20000.")] = None,
    peers: Annotated[
        str | None, typer.Option(help="forecast, risk: some of the peers, such as prophet,lightgbm, or none.")
    ] = None,
    peer_python: Annotated[str | None, typer.Option(help="forecast, risk: interpreter that has the peers.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure, and print the table of docs/benchmarks.md."""
    from pipelines.bench import BENCHES, PEERS_OF, SERIES_OF, Peers, print_result

    if name not in BENCHES:
        fail(f"no benchmark is called {name!r}; known: {', '.join(sorted(BENCHES))}", status=2)
    option, text = ("--series", series or SERIES_OF[name]) if name in SERIES_OF else ("--merchants", merchants)
    sizes = [int(size) if size.strip().isdecimal() else 0 for size in text.split(",")]
    if min(sizes) < 1:
        fail(f"{option} takes whole numbers such as 1000,10000; got {text!r}", status=2)
    known = PEERS_OF.get(name, ())
    names = (
        known if peers is None else tuple(one.strip() for one in peers.split(",") if one.strip() not in ("", "none"))
    )
    if unknown := sorted(set(names) - set(known)):
        fail(f"--peers: no peer is called {unknown[0]!r}; known: {', '.join(known)}, or none", status=2)
    result = BENCHES[name](sizes, days, Peers(names, peer_python))
    if as_json:
        print(json.dumps(result))  # noqa: T201
    else:
        print_result(result)


def _mount() -> None:
    from pipelines.alerts_cli import app as alerts_app
    from pipelines.evaluate_cli import evaluate
    from pipelines.explain.command import explain
    from pipelines.forecast_csv import forecast_csv
    from pipelines.realism.command import realism
    from pipelines.simulate_cli import simulate

    app.command()(simulate)
    app.command()(evaluate)
    app.command()(explain)
    app.command()(realism)
    app.command(name="forecast-csv")(forecast_csv)
    app.add_typer(alerts_app, name="alerts", help="On-call's work: list, show, ack, snooze, label, audit.")


def known_errors() -> tuple[type[Exception], ...]:
    """Errors whose message says what to mend; others keep their trace for the developer."""
    from pipelines.defs.alerting.previous import MissingDayError
    from pipelines.defs.feeds.step import FeedsMissingError
    from pipelines.newest_day import NoCompleteDayError
    from pipelines.simulate import SimulationError

    ours = (MissingDayError, FeedsMissingError, NoCompleteDayError, SimulationError)
    # PolicyFileError, RunFailedError and refused arguments are ValueErrors.
    return (*ours, FileNotFoundError, PermissionError, ValueError)


def main(arguments: list[str] | None = None) -> Any:
    """Run the command; print a known mistake as one clear line and exit with 1."""
    _mount()
    try:
        app(arguments, standalone_mode=True)
    except Exception as error:
        reason = explained(error)
        if reason is None and not isinstance(error, known_errors()):
            raise
        fail(reason or str(error))


if __name__ == "__main__":
    main()
