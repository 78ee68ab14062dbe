import dagster as dg
import pyarrow as pa

from pipelines.defs.common import WorkspaceResource
from pipelines.defs.risk.assets import as_markdown, signals_of_merchants, standing_of_merchants


def test_a_day_is_materialized_with_rows_and_overviews(platform):
    platform.write()
    sources = {key for asset in (signals_of_merchants, standing_of_merchants) for key in asset.dependency_keys}
    made = set(signals_of_merchants.keys) | set(standing_of_merchants.keys)
    result = dg.materialize(
        [signals_of_merchants, standing_of_merchants, *(dg.AssetSpec(key) for key in sources - made)],
        partition_key=platform.as_of.isoformat(),
        resources={"workspace": WorkspaceResource(home=str(platform.home))},
        instance=dg.DagsterInstance.ephemeral(),
    )
    assert result.success
    shown = {
        one.asset_key.to_user_string(): one.metadata
        for one in result.asset_materializations_for_node("signals_of_merchants")
    }
    assert shown["metric_signals"]["dagster/row_count"].value == 120 * 35
    assert "fulfilment.late_dispatch" in shown["metric_signals"]["overview"].md_str
    standing = result.asset_materializations_for_node("standing_of_merchants")
    assert {one.asset_key.to_user_string() for one in standing} == {
        "leg_status",
        "incidents",
        "leg_control",
        "merchant_risk",
        "merchant_outlook",
        "peer_matches",
    }


def test_hostile_names_stay_in_their_cell():
    text = as_markdown(pa.table({"name": ["a|b\n<script>"]}))
    assert text.splitlines()[2] == "| a\\|b &lt;script> |"
