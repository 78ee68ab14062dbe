"""One small platform, simulated once for all tests of this folder."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from models.calendar.market import MarketCalendar
from models.simulation.parameters import SimulationParameters
from models.simulation.run import Simulation
from models.simulation.scenarios import ScenarioFile
from models.simulation.words import Words
from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml

END = date(2026, 10, 30)
MERCHANTS, DAYS = 60, 150


@dataclass(frozen=True)
class Made:
    """A whole simulation: every file by feed and day, the newest version of every row, and the truth."""

    simulation: Simulation
    files: dict[str, dict[date, pa.Table]]
    truth: pd.DataFrame

    def versions(self, feed: str) -> pd.DataFrame:
        """All rows of a feed with the day they became known."""
        parts = [table.to_pandas().assign(known_on=day) for day, table in self.files[feed].items()]
        return pd.concat(parts, ignore_index=True)

    def newest(self, feed: str, key: list[str]) -> pd.DataFrame:
        """The newest version per key."""
        return self.versions(feed).sort_values("known_on", kind="stable").drop_duplicates(key, keep="last")


def parameters() -> SimulationParameters:
    return load_yaml(shipped("policy") / "simulation.yaml", SimulationParameters)


def words() -> Words:
    return load_yaml(shipped("policy") / "simulation_words.yaml", Words)


def new_simulation(merchants=MERCHANTS, days=DAYS, seed=7, scenarios=None, end=END) -> Simulation:
    """A simulation from the shipped parameters; `scenarios` replaces the shipped ones."""
    events = load_yaml(shipped("calendars") / "cn.yaml", MarketCalendar).all_events()
    if scenarios is None:
        scenarios = load_yaml(shipped("policy") / "scenarios.yaml", ScenarioFile).scenarios
    return Simulation(parameters(), words(), events, tuple(scenarios), merchants, days, end, seed)


def make(simulation: Simulation) -> Made:
    files: dict[str, dict[date, pa.Table]] = {}
    for made in simulation.days():
        for feed, table in made.tables.items():
            files.setdefault(feed, {})[made.day] = table
    return Made(simulation, files, simulation.truth().to_pandas())


@pytest.fixture(scope="session")
def made() -> Made:
    return make(new_simulation())


@pytest.fixture(scope="session")
def chain_history():
    """Chain days of a year without scenarios: (days, merchants) arrays of orders and open shops, and the simulation."""
    simulation = new_simulation(merchants=150, days=420, scenarios=())
    days = list(simulation.chain_days())
    return simulation, days, np.array([day.orders for day in days]), np.array([day.is_open for day in days])
