"""Assets of alerting: what they depend on, and a day through Dagster."""

import dagster as dg

from pipelines.defs.alerting import assets
from pipelines.defs.common import WorkspaceResource


def test_a_day_of_alerts_and_messages_through_dagster(routed):
    routed.signals(routed.day(1).as_of, red=["m1", "m2"])
    result = dg.materialize(
        [assets.merchant_alerts, assets.messages],
        partition_key="2026-10-02",
        resources={"workspace": WorkspaceResource(home=str(routed.workspace.home))},
        instance=dg.DagsterInstance.ephemeral(),
    )
    assert result.success
    events = result.get_asset_materialization_events()
    made = {event.asset_key.to_user_string(): event.materialization for event in events}
    assert made["alerts"].metadata["dagster/row_count"].value == 2
    assert "| fulfilment | limit | 1 |" in made["alert_volume"].metadata["alerts of the day"].value
    assert made["notifications"].metadata["not_set_up"].value == 2


def test_alerts_depend_on_their_own_day_before():
    spec = next(spec for spec in assets.merchant_alerts.specs if spec.key.to_user_string() == "alerts")
    own = next(dep for dep in spec.deps if dep.asset_key == spec.key)
    assert (own.partition_mapping.start_offset, own.partition_mapping.end_offset) == (-1, -1)
