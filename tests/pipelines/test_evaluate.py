import json
from datetime import date

import pandas as pd
import pytest
from rich.console import Console

from pipelines.evaluate import NothingToEvaluate, as_json, evaluate, evaluate_all, print_evaluation
from pipelines.tables import tables
from pipelines.workspace import Workspace

DAY = date(2026, 10, 5)


def rows(table, records):
    """Records of a made table; columns that a test does not name are empty."""
    promised = list(tables()[table].schema.names)
    return pd.DataFrame([{name: record.get(name) for name in promised} for record in records], columns=promised)


@pytest.fixture
def workspace(tmp_path):
    space = Workspace.at(tmp_path)
    lake = space.lake.scoped("b1")
    legs = [{"as_of": DAY, "merchant_id": name, "leg": "sales", "light": "green"} for name in "AB"]
    lake.replace_day("leg_status", DAY, rows("leg_status", legs))
    alert = {
        "as_of": DAY, "alert_id": "1", "key": "k", "merchant_id": "A", "leg": "sales", "metric": "sales.traffic_drop",
        "opened_by": "anomaly", "opened_on": DAY, "status": "open",
    }  # fmt: skip
    lake.replace_day("alerts", DAY, rows("alerts", [alert]))
    episode = {
        "episode_id": "e1", "family": "traffic_drop", "benign": False, "scope": "merchant", "scope_value": "A",
        "merchant_id": "A", "root_leg": "sales", "onset_on": date(2026, 10, 3),
        "first_observable_on": date(2026, 10, 3), "harm_on": date(2026, 10, 8), "ended_on": None, "magnitude": 0.5,
        "ramp_days": 7,
    }  # fmt: skip
    space.truth.mkdir()
    pd.DataFrame([episode]).to_parquet(space.truth / "episodes.parquet")
    return space


def test_scores_come_from_the_lake_of_the_backtest(workspace):
    row = evaluate(workspace, "b1").set_index("family").loc["traffic_drop"]
    assert (row.episodes, row.found, row.median_lead_days) == (1, 1, 3)
    assert row.per_1000_merchant_days == 500  # one opening, two merchants, one day


def test_json_and_table_say_the_same(workspace):
    result = evaluate_all(workspace, "b1")
    document = json.loads(as_json(result))
    assert document["merchants"] == 2
    assert document["families"][0]["family"] == "traffic_drop"
    console = Console(record=True, width=200)
    print_evaluation(result, console)
    assert "traffic_drop" in console.export_text()


def test_without_truth_the_error_says_how_to_get_it(tmp_path):
    with pytest.raises(NothingToEvaluate, match="merchant-gps simulate"):
        evaluate(Workspace.at(tmp_path), "b1")


def test_a_backtest_that_never_ran_is_said(workspace):
    with pytest.raises(NothingToEvaluate, match="'other' has navigated no day"):
        evaluate(workspace, "other")
