"""The list of steps against the assets: whatever is made by day is made by a step, and in an order that can work."""

import dagster as dg
import pytest

from pipelines.steps import steps_of_calculation, steps_of_publishing
from pipelines.tables import tables

ORDER = ["feed_status", "segments", "forecasts", "replenishment_plan", "metric_signals", "risk", "prompts", "alerts"]


def names(steps):
    return [step.name for step in steps]


def test_names_are_unique_because_the_run_log_tells_steps_apart_by_them():
    all_names = names([*steps_of_calculation(), *steps_of_publishing()])
    assert len(all_names) == len(set(all_names))


def test_a_step_comes_after_the_steps_that_it_reads():
    found = names(steps_of_calculation())
    assert [name for name in found if name in ORDER] == ORDER
    assert found.index("forecasts") < found.index("staffing_plan") < found.index("prompts")
    assert names(steps_of_publishing())[-1] == "warehouse"  # it shows all others


@pytest.fixture(scope="module")
def graph():
    from pipelines.definitions import defs

    return defs.resolve_asset_graph()


def test_every_table_made_by_day_belongs_to_a_step_of_its_name_or_of_its_asset(graph):
    made_together = {
        frozenset(key.to_user_string() for key in definition.keys) for definition in assets_of_definitions()
    }
    steps = set(names([*steps_of_calculation(), *steps_of_publishing()]))
    by_asset = {"volume_forecast": "forecasts", "leg_status": "risk", "notifications": "outbox"}
    led = {table for group in made_together for table in group if steps & {*group, *map(by_asset.get, group)}}
    of_a_command = {"alert_quality"}
    by_day = {name for name, table in tables().items() if table.layout == "day"} - of_a_command
    assert by_day <= {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert by_day - led == set()


def assets_of_definitions():
    from pipelines.definitions import defs

    return [one for one in defs.assets or [] if isinstance(one, dg.AssetsDefinition)]


def test_the_order_of_the_list_agrees_with_what_the_assets_read(graph):
    found = names(steps_of_calculation())
    leads = {name: name for name in found} | {"volume_forecast": "forecasts", "leg_status": "risk"}
    for table, step in leads.items():
        node = graph.get(dg.AssetKey(table)) if dg.AssetKey(table) in graph.get_all_asset_keys() else None
        for parent in node.parent_keys if node else ():
            reads = leads.get(parent.to_user_string())
            if reads and parent.to_user_string() != table:
                assert found.index(reads) < found.index(step), f"{step} reads {parent.to_user_string()}"
