import json
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines.simulate import SimulationError, as_json, simulate
from pipelines.workspace import Workspace
from pipelines.yaml_file import PolicyFileError

END = date(2026, 10, 30)


@pytest.fixture
def workspace(tmp_path):
    return Workspace.at(tmp_path)


def test_files_truth_report_and_progress_agree(workspace):
    seen = []
    report = simulate(workspace, 6, 30, END, 5, progress=lambda text, done, total: seen.append((done, total)))
    assert seen == [(day, 30) for day in range(1, 31)]
    files = list(workspace.landing.glob("*/*.parquet"))
    assert len(files) == report.files
    rows = sum(pq.read_metadata(path).num_rows for path in files)
    assert rows == sum(report.rows.values())
    truth = pd.read_parquet(workspace.truth / "episodes.parquet")
    assert truth.episode_id.nunique() == report.episodes
    assert f"{END}.parquet" in {path.name for path in (workspace.landing / "sales").iterdir()}
    assert json.loads(as_json(report))["rows"] == report.rows
    assert "6 merchants, 30 days to 2026-10-30" in str(report)


def test_texts_are_plain_for_every_reader(workspace):
    simulate(workspace, 4, 30, END, 5)
    schema = pq.read_schema(workspace.landing / "sales" / f"{END}.parquet")
    assert str(schema.field("merchant_id").type) == "string"


def test_simulating_again_leaves_nothing_of_the_first(workspace):
    simulate(workspace, 4, 40, END, 5)
    simulate(workspace, 4, 30, END, 5)
    oldest = min(path.stem for path in (workspace.landing / "sales").iterdir())
    assert oldest == "2026-10-01"
    assert not list(workspace.landing.glob("*/.*"))


def test_files_of_somebody_else_are_never_touched(workspace):
    own = workspace.landing / "sales" / "2026-10-01.csv"
    own.parent.mkdir(parents=True)
    own.write_text("date,merchant_id\n")
    with pytest.raises(SimulationError, match="no simulation wrote"):
        simulate(workspace, 4, 30, END, 5)
    assert own.exists()
    assert not (workspace.truth / "episodes.parquet").exists()


def test_own_scenarios_replace_the_shipped_ones(workspace, tmp_path):
    path = tmp_path / "scenarios.yaml"
    path.write_text("scenarios: []\n")
    simulate(workspace, 6, 30, END, 5, scenarios=path)
    truth = pd.read_parquet(workspace.truth / "episodes.parquet")
    assert not truth.family.isin(["platform_outage", "feed_outage"]).any()


def test_a_mistake_in_scenarios_is_told_by_line(workspace, tmp_path):
    path = tmp_path / "scenarios.yaml"
    path.write_text("scenarios:\n  - family: x\n    effect: earthquake\n")
    with pytest.raises(PolicyFileError, match=r"scenarios.yaml:3: .*effect"):
        simulate(workspace, 6, 30, END, 5, scenarios=path)
