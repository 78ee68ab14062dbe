import json
from datetime import date

import pandas as pd
import pytest
from rich.console import Console

from pipelines.evaluate import NothingToEvaluate, as_json, evaluate, evaluate_all, print_evaluation
from pipelines.feedback import give
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
    for day in (date(2026, 10, 4), DAY):  # what opens on the first day is a backlog
        volume = {"as_of": day, "leg": "all", "opened_by": "all", "merchants": 2}
        lake.replace_day("alert_volume", day, rows("alert_volume", [volume]))
    alert = {
        "as_of": DAY, "alert_id": "1", "key": "k", "merchant_id": "A", "leg": "sales", "metric": "sales.traffic_drop",
        "opened_by": "anomaly", "opened_on": DAY, "status": "open", "event": "opened", "severity": "warning",
        "money_at_risk": 10.0,
    }  # fmt: skip
    lake.replace_day("alerts", DAY, rows("alerts", [alert]))
    episode = {
        "episode_id": "e1", "family": "traffic_drop", "benign": False, "scope": "merchant", "scope_value": "A",
        "merchant_id": "A", "root_leg": "sales", "onset_on": date(2026, 10, 4),
        "first_observable_on": date(2026, 10, 4), "harm_on": date(2026, 10, 8), "ended_on": None, "magnitude": 0.5,
        "ramp_days": 7,
    }  # fmt: skip
    space.truth.mkdir()
    pd.DataFrame([episode]).to_parquet(space.truth / "episodes.parquet")
    return space


def test_scores_come_from_the_lake_of_the_backtest(workspace):
    row = evaluate(workspace, "b1").set_index("family").loc["traffic_drop"]
    assert (row.episodes, row.found, row.median_lead_days) == (1, 1, 3)
    assert row.per_1000_merchant_days == 500  # one opening, two merchants, one day after the backlog's


def test_json_and_tables_say_the_same(workspace):
    result = evaluate_all(workspace, "b1")
    document = json.loads(as_json(result))
    assert (document["merchants"], document["days"], document["merchant_days"]) == (2, 2, 4)
    family = next(row for row in document["families"] if row["family"] == "traffic_drop")
    assert (family["precision"], family["notified_per_1000"]) == (1.0, 500.0)
    console = Console(record=True, width=250)
    print_evaluation(result, console)
    shown = console.export_text()
    assert "traffic_drop" in shown
    assert "1.00 (0.21 to 1.00)" in shown  # one of one is not much


def test_figures_are_kept_for_the_pages_and_measured_again_in_place(workspace):
    evaluate_all(workspace, "b1")
    evaluate_all(workspace, "b1")
    kept = workspace.lake.read("alert_quality").to_pandas()
    keys = list(tables()["alert_quality"].key)
    assert not kept.duplicated(keys).any()
    row = kept.set_index(keys).loc[(DAY, "b1", "truth", "all", "all", "all", "all", "anomaly")]
    assert (row.alerts, row.precision, row.recall, row.merchant_days) == (1, 1.0, 1.0, 4)


def test_without_truth_verdicts_are_asked(workspace):
    (workspace.truth / "episodes.parquet").unlink()
    live = workspace.lake
    for table in ("alert_volume", "alerts"):
        for day, part in live.scoped("b1").read(table).to_pandas().groupby("as_of"):
            live.replace_day(table, day, part)
    with pytest.raises(NothingToEvaluate, match="nobody has given a verdict"):
        evaluate_all(workspace, "b1")
    give(workspace, "1", "label", verdict="true")
    result = evaluate_all(workspace, "b1")
    assert (result.source, result.backtest) == ("labels", "")
    assert result.doors[["opened_by", "judged_alerts", "precision"]].to_numpy().tolist() == [["anomaly", 1, 1.0]]
    assert set(live.read("alert_quality", ["source"]).column("source").to_pylist()) == {"labels"}
    console = Console(record=True, width=250)
    print_evaluation(result, console)
    assert "by labels" in console.export_text()


def test_neither_truth_nor_verdict_says_how_to_get_one(tmp_path):
    with pytest.raises(NothingToEvaluate, match="merchant-gps simulate"):
        evaluate(Workspace.at(tmp_path), "b1")


def test_a_backtest_that_never_ran_is_said(workspace):
    with pytest.raises(NothingToEvaluate, match="'other' has navigated no day"):
        evaluate(workspace, "other")
