"""A workspace with hand-made tables of a day, as the steps before alerting would leave them."""

import shutil
from datetime import date, timedelta

import pyarrow as pa
import pytest
import yaml

from pipelines.day import Day
from pipelines.defs.alerting.step import alerts, outbox
from pipelines.tables import tables
from pipelines.workspace import Workspace
from reports.delivery.channel import Outcome
from tests.lake_rows import rows_of

START = date(2026, 10, 1)
SIGNAL = {
    "metric": "fulfilment.late_dispatch",
    "window": "10d",
    "leg": "fulfilment",
    "kind": "rate",
    "observed": 0.06,
    "expected": 0.02,
    "limit_amber": 0.03,
    "limit_red": 0.04,
    "probability_over_limit": 0.99,
    "better": "lower",
    "light": "red",
}
CALM = {**SIGNAL, "observed": 0.01, "probability_over_limit": 0.01, "light": "green"}


class Platform:
    """Writes what earlier steps would have written."""

    def __init__(self, workspace, deliver):
        self.workspace, self.deliver = workspace, deliver

    def put(self, table, as_of, *rows):
        schema = tables()[table].schema
        filled = [{**dict.fromkeys(schema.names), "as_of": as_of, **row} for row in rows]
        self.workspace.lake.replace_day(table, as_of, pa.Table.from_pylist(filled, schema=schema))

    def merchants(self, *merchant_ids, **values):
        self.deliver(
            "merchants",
            START - timedelta(days=1),
            *(
                {
                    "merchant_id": one,
                    "merchant_name": f"Shop {one}",
                    "category": "shoes",
                    "region": "north",
                    "status": "open",
                    "locale": "en",
                    **values,
                }
                for one in merchant_ids
            ),
        )

    def signals(self, as_of, red=(), calm=()):
        rows = [{"merchant_id": one, **SIGNAL} for one in red] + [{"merchant_id": one, **CALM} for one in calm]
        self.put("metric_signals", as_of, *rows)
        everyone = [*red, *calm]
        self.put(
            "merchant_risk",
            as_of,
            *({"merchant_id": one, "flagged": False, "money_at_risk": 8000.0} for one in everyone),
        )

    def day(self, number):
        return Day(self.workspace, START + timedelta(days=number))

    def rows(self, table, **where):
        found = rows_of(self.workspace, table)
        return [row for row in found if all(row[name] == value for name, value in where.items())]


@pytest.fixture
def platform(workspace, deliver):
    return Platform(workspace, deliver)


@pytest.fixture(scope="session")
def platform_of():
    """Return the maker of such a platform, for workspaces that several tests share."""
    return Platform


def hook_route(**values):
    return {"id": "hook", "url_variable": "HOOK_URL", "form": "webhook", "locale": "en", **values}


def write_routes(platform, *routes, merchant_routes=(), **more):
    path = platform.workspace.home / "policy" / "routes.yaml"
    path.parent.mkdir(exist_ok=True)
    content = {"cap_per_merchant_and_day": 3, "routes": list(routes), "merchant_routes": list(merchant_routes), **more}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


class Receiver:
    """Stands in for the channel: keeps what it is given, answers as told."""

    def __init__(self, *answers):
        self.answers, self.messages = list(answers), []

    def __call__(self, parcel, carrier, now):
        answer = self.answers.pop(0) if self.answers else Outcome(True)
        if isinstance(answer, BaseException):
            raise answer
        self.messages.append((parcel, answer.sent))
        return answer

    @property
    def arrived(self):
        return [
            (parcel.facts.event, parcel.keys.dedup, parcel.keys.idempotency) for parcel, sent in self.messages if sent
        ]


@pytest.fixture(scope="session")
def routed_home(tmp_path_factory, delivering):
    """A platform with one webhook route and one red merchant on the first day; nobody changes it."""
    home = tmp_path_factory.mktemp("routed")
    (home / "config.yaml").write_text("buckets: 2\n", encoding="utf-8")
    workspace = Workspace.at(home)
    made = Platform(workspace, delivering(workspace))
    write_routes(made, hook_route())
    made.merchants("m1", "m2")
    made.signals(START, red=["m1"], calm=["m2"])
    alerts(made.day(0))
    outbox(made.day(0))
    return home


@pytest.fixture
def routed(routed_home, platform):
    """A copy of that platform."""
    shutil.copytree(routed_home, platform.workspace.home, dirs_exist_ok=True)
    return platform


@pytest.fixture
def helpers():
    class Helpers:
        receiver, route, routes, start = Receiver, staticmethod(hook_route), staticmethod(write_routes), START

    return Helpers
