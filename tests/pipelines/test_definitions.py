import dagster as dg
import pytest

from pipelines.contracts.feeds import feeds
from pipelines.definitions import DAILY, defs
from pipelines.executor import one_run_at_a_time
from pipelines.tables import tables

# The last is written by a command that looks back on a whole backtest.
NOT_ASSETS = {"mart_state", "run_log", "rejected_rows", "held_rows", "ingested_files", "alert_quality"}


@pytest.fixture(scope="module")
def graph():
    return defs.resolve_asset_graph()


def test_everything_loads_and_fits_together():
    dg.Definitions.validate_loadable(defs)
    assert defs.resolve_job_def("day").partitions_def == DAILY
    assert {one.name for one in defs.schedules} == {"day_schedule", "oracle_schedule"}


def test_all_steps_run_in_one_process_and_one_run_at_a_time():
    assert defs.executor is one_run_at_a_time
    assert defs.resolve_job_def("day").executor_def is one_run_at_a_time


def test_every_feed_and_every_made_table_is_an_asset(graph):
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert set(feeds()) | set(tables()) - NOT_ASSETS <= keys
    assert not NOT_ASSETS & keys


def test_no_check_stops_a_run(graph):
    checks = [spec for definition in defs.asset_checks for spec in definition.check_specs]
    assert {spec.asset_key.to_user_string() for spec in checks} >= set(feeds())
    assert [spec.key for spec in checks if spec.blocking] == []
