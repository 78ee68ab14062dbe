"""The assets are those of tables.yaml and run the step for their day."""

from __future__ import annotations

import dagster as dg

from pipelines.defs.common import WorkspaceResource
from pipelines.defs.forecasts.assets import MADE, volumes_ahead
from pipelines.tables import tables


def test_every_forecast_table_is_an_asset() -> None:
    assert set(MADE) == {name for name, table in tables().items() if table.group == "forecasts"}
    assert {key.to_user_string() for key in volumes_ahead.keys} == set(MADE)


def test_a_day_is_materialized_with_counts_and_a_plot(make_platform, tmp_path) -> None:
    home = make_platform(tmp_path, feeds_given=("storefront",)).home
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [volumes_ahead],
            partition_key="2026-10-30",
            instance=instance,
            resources={"workspace": WorkspaceResource(home=str(home))},
        )
    assert result.success
    made = result.asset_materializations_for_node("volumes_ahead")
    shown = {event.asset_key.to_user_string(): event.metadata for event in made}
    assert shown["volume_forecast"]["dagster/row_count"].value == 10 * 2 * 28
    assert "orders" in shown["volume_forecast"]
