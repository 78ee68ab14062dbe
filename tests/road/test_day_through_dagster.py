"""A day through Dagster: the job of the command and of the UI, on one instance."""

import shutil
from datetime import date

import dagster as dg
import pytest

from pipelines.instance import prepare_environment
from pipelines.run import calculate_day, run_day
from pipelines.workspace import Workspace
from reports.texts import catalogue

EARLIER = date(2026, 10, 29)


@pytest.fixture(scope="module")
def navigated(taken_in, tmp_path_factory):
    home = tmp_path_factory.mktemp("dagster") / "home"
    shutil.copytree(taken_in.home, home)
    workspace = Workspace.at(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MERCHANT_GPS_HOME", str(home))
        prepare_environment(workspace)
        calculate_day(workspace, EARLIER)
        yield workspace, run_day(workspace, None)


def test_the_newest_complete_day_is_navigated_and_said(navigated):
    workspace, said = navigated
    assert "2026-10-30" in said
    assert "merchants: " in said
    assert (workspace.pages / "latest.json").exists()
    assert (workspace.published / "warehouse" / "latest.duckdb").exists()


def test_the_day_before_was_calculated_for_comparison_and_not_published(navigated):
    workspace, _ = navigated
    lit = workspace.lake.read("leg_status", ["as_of"])["as_of"].unique().to_pylist()
    assert sorted(lit) == [EARLIER, date(2026, 10, 30)]
    assert [path.name for path in workspace.pages.glob("2026-*")] == ["2026-10-30"]
    assert catalogue("en").text("tower.changed.unknown") not in tower_of(workspace)


def tower_of(workspace):
    return next(workspace.pages.glob("2026-10-30/tower-*.en.html")).read_text(encoding="utf-8")


def test_every_asset_was_materialized_on_the_instance_that_the_ui_reads(navigated):
    from pipelines.definitions import defs

    with dg.DagsterInstance.get() as instance:
        assert instance.get_runs_count() >= 1
        keys = defs.resolve_asset_graph().get_all_asset_keys()
        missing = [key for key in keys if instance.get_latest_materialization_event(key) is None]
    assert missing == []


def test_assets_say_their_columns_owners_and_kinds(navigated):
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.group_name != "default", key
        assert node.owners, key
        assert node.kinds, key
        assert "dagster/column_schema" in node.metadata or key.path[-1] in ("pages", "tower", "warehouse"), key


def test_the_warehouse_reads_with_descriptions(navigated):
    import duckdb

    workspace, _ = navigated
    path = workspace.published / "warehouse" / "latest.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM leg_status").fetchall()[0][0] > 0
        query = "SELECT comment FROM duckdb_columns() WHERE table_name = 'metric_signals' AND column_name = 'observed'"
        assert connection.execute(query).fetchall() == [("Value of the metric",)]


@pytest.mark.faults  # a second whole run
def test_running_the_day_again_gives_the_same_lights(navigated):
    workspace, _ = navigated
    before = workspace.lake.read("leg_status").sort_by([("merchant_id", "ascending"), ("leg", "ascending")])
    run_day(workspace, None)
    after = workspace.lake.read("leg_status").sort_by([("merchant_id", "ascending"), ("leg", "ascending")])
    assert before.equals(after)
