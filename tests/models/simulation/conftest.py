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
from models.simulation.scenarios import Episodes, Scenario, ScenarioFile
from models.simulation.words import Words
from models.simulation.world import NEVER
from pipelines.workspace import shipped
from pipelines.yaml_file import load_yaml

END = date(2026, 10, 30)
MERCHANTS, DAYS = 60, 150


def plain(table: pa.Table) -> pa.Table:
    """Texts without their dictionaries, as any reader of the file sees them."""
    kept = [pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(kept))


@dataclass(frozen=True)
class Made:
    """A whole simulation: every file by feed and day, the newest version of every row, and the truth."""

    simulation: Simulation
    files: dict[str, dict[date, pa.Table]]
    truth: pd.DataFrame

    def versions(self, feed: str) -> pd.DataFrame:
        """All rows of a feed with the day they became known."""
        parts = [plain(table).to_pandas().assign(known_on=day) for day, table in self.files[feed].items()]
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


KINDS = {
    "stock_out": {"effect": "supply", "root_leg": "stock_prep", "scope": "product", "magnitude": (0.6, 0.6)},
    "traffic_drop": {
        "effect": "traffic", "root_leg": "sales", "scope": "merchant", "magnitude": (0.6, 0.6), "harm_after": 2.0,
        "observable_effect": 0.1,
    },
    "warehouse_backlog": {
        "effect": "dispatch", "root_leg": "fulfilment", "scope": "merchant", "magnitude": (0.5, 0.5), "harm_after": 1.0,
        "observable_effect": 0.05,
    },
    "service_backlog": {
        "effect": "reply", "root_leg": "service", "scope": "merchant", "magnitude": (0.5, 0.5), "harm_after": 1.5,
        "observable_effect": 0.05,
    },
    "planned_promotion": {
        "effect": "promotion", "root_leg": "sales", "scope": "merchant", "magnitude": (0.3, 0.3), "benign": True,
    },
}  # fmt: skip
COMMON = {"share": 0.08, "min_orders": 6, "onset_days_before_end": (40, 40), "duration_days": (20, 20)}
OUTAGES = (
    {"family": "platform_outage", "effect": "traffic", "root_leg": "sales", "scope": "platform",
     "magnitude": (0.7, 0.7), "onset_days_before_end": (10, 10), "duration_days": (1, 1),
     "observable_effect": 0.1, "harm_after": 0.5},
    {"family": "feed_outage", "effect": "silence", "feed": "service", "root_leg": "service", "scope": "feed",
     "magnitude": (1, 1), "onset_days_before_end": (5, 5), "duration_days": (2, 2)},
    {"family": "feed_outage", "effect": "silence", "feed": "after_sale", "root_leg": "after_sale", "scope": "feed",
     "magnitude": (1, 1), "share": 0.3, "onset_days_before_end": (3, 3)},
)  # fmt: skip


@pytest.fixture(scope="session")
def troubled() -> Made:
    """Every family at once, at known days and strengths."""
    kinds = [{"family": name, **COMMON, **values} for name, values in KINDS.items()] + list(OUTAGES)
    return make(new_simulation(scenarios=[Scenario.model_validate(kind) for kind in kinds]))


@pytest.fixture(scope="session")
def untroubled() -> Made:
    """The same platform and seed, where nothing goes wrong."""
    return make(new_simulation(scenarios=()))


@pytest.fixture(scope="session")
def build():
    """A function that simulates with other settings than the shared platform's."""

    def run(**settings) -> Made:
        return make(new_simulation(**settings))

    return run


@pytest.fixture(scope="session")
def placed():
    """A function that places one episode on merchant 0; `changes` go to its scenario."""

    def run(onset=10, last=NEVER, ramp=0, recovery=0, magnitude=0.5, part=1.0, **changes):
        kind = {
            "family": "x", "effect": "traffic", "root_leg": "sales", "scope": "merchant",
            "onset_days_before_end": (5, 5), "magnitude": (magnitude, magnitude), **changes,
        }  # fmt: skip
        one = np.zeros(1, dtype=int)
        days = [np.array([value]) for value in (onset, last, ramp, recovery)]
        return Episodes(
            (Scenario.model_validate(kind),), one, one, one, np.array(["x"]), *days, np.array([magnitude]),
            np.array([-1]), np.array([part]),
        )  # fmt: skip

    return run
