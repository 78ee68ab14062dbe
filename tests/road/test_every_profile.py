"""A new workspace of every shipped profile takes in a small simulated platform and runs a day to its pages."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from pipelines.contracts.ingest import ingest
from pipelines.day import Day
from pipelines.defs.marts.step import update_mart
from pipelines.init import make_workspace
from pipelines.policy import load_profile
from pipelines.simulate import simulate
from pipelines.steps import steps_of_calculation, steps_of_publishing
from pipelines.workspace import Workspace, shipped

END = date(2026, 10, 30)
MERCHANTS, DAYS, SEED = 25, 100, 5
PROFILES = sorted(path.stem for path in (shipped("policy") / "profiles").glob("*.yaml"))


@pytest.mark.faults  # half a minute for each
@pytest.mark.parametrize("name", PROFILES)
def test_a_day_is_navigated_with_every_profile(tmp_path, name):
    home = tmp_path / "company"
    make_workspace(home, name)
    workspace = Workspace.at(home)
    simulate(workspace, MERCHANTS, DAYS, END, SEED)
    ingest(workspace)
    for mart in ("merchant_day", "sku_day"):
        update_mart(workspace, mart)
    day = Day(workspace, END)
    for step in [*steps_of_calculation(), *steps_of_publishing()]:
        step.run(day)
    signals = workspace.lake.read("metric_signals").to_pylist()
    _judged_by_the_platform(name, signals)
    _one_window_of_a_look_back(load_profile(workspace), signals)
    legs = workspace.lake.read("leg_status").to_pylist()
    assert sum(row["light"] != "grey" for row in legs) > len(legs) / 2
    assert len(list((workspace.pages / END.isoformat()).glob("*.html"))) >= MERCHANTS


def _judged_by_the_platform(name, signals):
    lights = Counter(row["light"] for row in signals if row["limit_kind"] == "platform")
    assert bool(lights) == (name not in ("neutral", "lazada"))
    assert not lights or lights["green"] + lights["star"] > 0


def _one_window_of_a_look_back(profile, signals):
    merchants = {row["merchant_id"] for row in signals}
    rows = Counter((row["merchant_id"], row["metric"]) for row in signals)
    for metric in profile.metrics:
        windows = 1 if getattr(metric, "look_back", None) else len(metric.window_labels)
        assert {rows[merchant, metric.id] for merchant in merchants} == {windows}, metric.id
