"""Writes the files of a simulated platform: feeds into `landing/`, the truth into `truth/`.

The days are calculated in this thread and written by others, so that two cores are busy; a bounded queue keeps
memory flat.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

import pyarrow as pa
import pyarrow.parquet as pq

from models.calendar.market import MarketCalendar
from models.simulation.run import Simulation
from models.simulation.scenarios import Scenario, ScenarioFile
from models.simulation.words import Words
from pipelines.contracts.feeds import feeds
from pipelines.simulate_parameters import load_parameters, named_file
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError, line_of, load_yaml, read_yaml

Progress = Callable[[str, int, int], None]
WRITERS = 2
MOST_WAITING = 24  # tables that wait to be written
MARK = "simulation.json"  # beside the truth: says that the landing files are ours


class SimulationError(RuntimeError):
    """The simulation cannot be written; the message says how to mend it."""


@dataclass(frozen=True)
class SimulationReport:
    """What was written."""

    merchants: int
    days: int
    end: date
    seed: int
    seconds: float
    files: int
    episodes: int
    rows: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        total = sum(self.rows.values())
        per_feed = ", ".join(f"{feed} {rows:,}" for feed, rows in self.rows.items())
        return (
            f"{self.merchants:,} merchants, {self.days} days to {self.end}: {total:,} rows in {self.files:,} files, "
            f"{self.episodes:,} episodes, {self.seconds:.1f} s\n{per_feed}"
        )


def simulate(
    workspace: Workspace,
    merchants: int,
    days: int,
    end: date,
    seed: int,
    scenarios: Path | None = None,
    progress: Progress | None = None,
    noise: str | None = None,
    parameters: Path | None = None,
) -> SimulationReport:
    """Simulate a platform into a workspace.

    Parameters
    ----------
    end
        The last day that is delivered.
    scenarios
        What goes wrong: a YAML file, or the name of a shipped one such as `all`; by default `policy/scenarios.yaml`.
    progress
        Called with a text, days done and days in total.
    noise, parameters
        Family of the noise, and a file of differences from `policy/simulation.yaml`; see `load_parameters`.

    Raises
    ------
    SimulationError
        When `landing/` holds files that no simulation wrote.
    """
    started = perf_counter()
    simulation = make_simulation(workspace, merchants, days, end, seed, scenarios, noise, parameters)
    _clear_landing(workspace)
    _write_mark(workspace, merchants, days, end, seed, simulation.platform.parameters.demand.noise.family)
    rows: Counter[str] = Counter()
    files = 0
    with _Writer() as writer:
        for number, made in enumerate(simulation.days(), start=1):
            for feed, table in made.tables.items():
                writer.write(table, workspace.landing / feed / f"{made.day.isoformat()}.parquet")
                rows[feed] += table.num_rows
                files += 1
            if progress is not None:
                progress("simulating", number, days)
    truth = simulation.truth()
    _write(truth, workspace.truth / "episodes.parquet")
    episodes = len(truth.column("episode_id").unique())
    return SimulationReport(merchants, days, end, seed, perf_counter() - started, files, episodes, dict(rows))


def make_simulation(
    workspace: Workspace,
    merchants: int,
    days: int,
    end: date,
    seed: int,
    scenarios: Path | None = None,
    noise: str | None = None,
    parameters: Path | None = None,
) -> Simulation:
    """Make a simulation from the workspace's policy and calendar."""
    return Simulation(
        parameters=load_parameters(workspace, parameters, noise),
        words=load_yaml(workspace.policy_path("simulation_words.yaml"), Words),
        events=load_yaml(workspace.calendar_path(f"{workspace.config.market}.yaml"), MarketCalendar).all_events(),
        scenarios=load_scenarios(scenarios_path(workspace, scenarios)),
        merchants=merchants,
        days=days,
        end=end,
        seed=seed,
    )


def scenarios_path(workspace: Workspace, wanted: Path | None) -> Path:
    """File of scenarios: a path, or NAME of `policy/scenarios_NAME.yaml`; by default `policy/scenarios.yaml`."""
    return workspace.policy_path("scenarios.yaml") if wanted is None else named_file(workspace, wanted, "scenarios")


def load_scenarios(path: Path) -> tuple[Scenario, ...]:
    """Read a file of scenarios.

    Raises
    ------
    PolicyFileError
        With file, line and reason; a feed that the contract does not know included.
    """
    scenarios = load_yaml(path, ScenarioFile).scenarios
    for place, scenario in enumerate(scenarios):
        if scenario.feed and scenario.feed not in feeds():
            line = line_of(read_yaml(path)[1], ("scenarios", place, "feed"))
            raise PolicyFileError(path, line, f"scenario {scenario.family}: no feed {scenario.feed!r}")
    return scenarios


class _Writer:
    """Writes tables in the background; an error of a writer is raised in the thread that simulates."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="simulate")
        self._waiting: set[Future[None]] = set()

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=True)
        for future in self._waiting:
            future.result()

    def write(self, table: pa.Table, path: Path) -> None:
        if len(self._waiting) >= MOST_WAITING:
            done, self._waiting = wait(self._waiting, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
        self._waiting.add(self._pool.submit(_write, table, path))


def _write(table: pa.Table, path: Path) -> None:
    """Write under a temporary name and rename, so that no reader sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    # Without the Arrow schema, dictionaries are read back as plain text by every reader.
    pq.write_table(table, temporary, compression="zstd", compression_level=1, store_schema=False)
    temporary.replace(path)


def _clear_landing(workspace: Workspace) -> None:
    """Remove the files of an earlier simulation; refuse to mix with files of anybody else."""
    files = [path for path in workspace.landing.glob("*/*") if path.is_file() and not path.name.startswith(".")]
    if files and not (workspace.truth / MARK).exists():
        raise SimulationError(
            f"{workspace.landing} holds {len(files)} files that no simulation wrote, such as {files[0].name}; "
            "name another workspace with --home, or move them away"
        )
    for path in files:
        path.unlink()


def _write_mark(workspace: Workspace, merchants: int, days: int, end: date, seed: int, noise: str) -> None:
    workspace.truth.mkdir(parents=True, exist_ok=True)
    content = {"merchants": merchants, "days": days, "end": end.isoformat(), "seed": seed, "noise": noise}
    (workspace.truth / MARK).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def as_json(report: SimulationReport) -> str:
    """Return the report as JSON."""
    return json.dumps({**asdict(report), "end": report.end.isoformat()})
