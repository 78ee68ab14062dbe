"""Trouble put into the series of a small platform that was taken in like any other."""

import json
from datetime import date, timedelta

import numpy as np
import pytest
import yaml
from rich.console import Console

from pipelines.cli import main
from pipelines.defs.marts.step import update_mart
from pipelines.evaluate_inject import injected_run, print_run
from pipelines.init import make_workspace
from pipelines.workspace import REPOSITORY, Workspace

FIRST, DAYS, MERCHANTS = date(2026, 1, 5), 200, 80
UNTIL = FIRST + timedelta(days=DAYS - 1)
CASES = [
    {"name": "outage", "change": -1.0, "judged_on": [1]},
    {"name": "spike", "change": 2.0, "days": 2, "judged_on": [3], "benign": True},
]


@pytest.fixture(scope="module")
def platform(tmp_path_factory, delivering):
    home = tmp_path_factory.mktemp("platform") / "shops"
    make_workspace(home, "neutral")
    (home / "config.yaml").write_text("buckets: 2\n", encoding="utf-8")
    policy = yaml.safe_load((REPOSITORY / "data/policy/evaluation.yaml").read_text(encoding="utf-8"))
    policy["injection"] |= {"cases": CASES, "waves": 1, "least_of_day": 50, "alternate_days": 7}
    forecast = yaml.safe_load((REPOSITORY / "data/policy/forecast.yaml").read_text(encoding="utf-8"))
    forecast["ensemble"]["models"] = ["pooled_level"]
    (home / "policy" / "forecast.yaml").write_text(yaml.safe_dump(forecast), encoding="utf-8")
    (home / "policy" / "evaluation.yaml").write_text(yaml.safe_dump(policy), encoding="utf-8")
    workspace = Workspace.at(home)
    deliver, rng = delivering(workspace), np.random.default_rng(4)
    names = [f"m{number:02d}" for number in range(MERCHANTS)]
    deliver("merchants", FIRST, *({"merchant_id": name, "category": "c", "status": "open"} for name in names))
    level = np.where(np.arange(MERCHANTS) < 70, 200, 20)  # ten are too small to be judged
    orders = rng.poisson(level[:, None], (MERCHANTS, DAYS))
    dates = [FIRST + timedelta(days=day) for day in range(DAYS)]
    deliver("storefront", FIRST, *(
        {"merchant_id": name, "date": on, "orders": int(orders[row, day]), "known_on": on,
         "known_month": on.isoformat()[:7]}
        for day, on in enumerate(dates) for row, name in enumerate(names)
    ))  # fmt: skip
    update_mart(workspace, "merchant_day")
    return workspace


@pytest.fixture(scope="module")
def run(platform):
    return injected_run(platform, "orders", UNTIL, 3, seed=1)


def test_an_outage_is_found_on_its_day_and_small_shops_are_not_judged(run):
    outage, spike = run.report.found
    assert outage.found.value == 1.0
    assert 0 < outage.found.n <= 70
    assert outage.by_chance < 0.1
    assert spike.benign


def test_json_and_tables_say_the_same(run):
    document = json.loads(json.dumps(run.as_dict()))
    assert (document["measure"], document["until"], document["merchants"]) == ("orders", UNTIL.isoformat(), MERCHANTS)
    assert document["found"][0]["found"]["value"] == 1.0
    console = Console(record=True, width=200)
    print_run(run, console)
    shown = console.export_text()
    assert "outage" in shown
    assert "spike (should open none)" in shown


def test_nothing_is_written(platform, run):
    assert not platform.lake.exists("forecast_residuals")
    assert not platform.lake.exists("alert_quality")


def test_a_measure_that_is_unknown_or_not_delivered_is_named(platform):
    with pytest.raises(ValueError, match="'sales' is no measure"):
        injected_run(platform, "sales", UNTIL, 3, seed=1)
    with pytest.raises(ValueError, match="gmv was not delivered by"):
        injected_run(platform, "gmv", UNTIL, 3, seed=1)


def test_too_short_a_history_says_what_is_needed(platform):
    with pytest.raises(ValueError, match="ask for fewer --weeks"):
        injected_run(platform, "orders", UNTIL, 20, seed=1)


def test_the_command_prints_what_was_measured(platform, capsys):
    arguments = ["evaluate", "--inject", "orders", "--until", UNTIL.isoformat(), "--weeks", "3", "--json"]
    with pytest.raises(SystemExit) as ended:
        main(["--home", str(platform.home), *arguments])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["found"][0]["case"] == "outage"
