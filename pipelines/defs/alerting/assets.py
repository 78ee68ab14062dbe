"""Assets of alerting: thin; see step.py and outbox.py for what they do."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines.day import Day
from pipelines.defs.alerting.step import alerts, deliver_now, outbox
from pipelines.defs.common import DAILY, SINGLE_RUN, WorkspaceResource, run_days, table_spec

# The alerts of a day go on from those of the day before.
DAY_BEFORE = dg.TimeWindowPartitionMapping(start_offset=-1, end_offset=-1)
READ_BY_ALERTS = [
    "metric_signals", "leg_status", "merchant_risk", "incidents", "replenishment_plan", "merchants", "feedback",
]  # fmt: skip


def volume(day: Day) -> Mapping[str, Mapping[str, Any]]:
    """Show the alerts of the day by leg and door."""
    with day.connect("alert_volume") as connection:
        rows = day.query(connection, __file__, "volume_overview.sql").to_pylist()
    lines = [["leg", "door", "opened", "resolved", "live"], ["---"] * 5, *(row.values() for row in rows)]
    table = "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
    return {"alert_volume": {"alerts of the day": dg.MetadataValue.md(table)}}


@dg.multi_asset(
    specs=[
        table_spec("alerts", deps=[*READ_BY_ALERTS, dg.AssetDep("alerts", partition_mapping=DAY_BEFORE)]),
        table_spec("alert_volume", deps=READ_BY_ALERTS),
        table_spec("audit_sample", deps=["merchant_risk", "leg_scores", "segments"]),
    ],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def merchant_alerts(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Carry the alerts of the day before into this one."""
    yield from run_days(context, workspace, "alerts", alerts, ["alerts", "alert_volume", "audit_sample"], volume)


@dg.multi_asset(
    specs=[table_spec("notifications", deps=["alerts", "incidents", "prompts", "segments", "merchants", "tower"])],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def messages(context: dg.AssetExecutionContext, workspace: WorkspaceResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Write down what must be told, and send what is due; what cannot be sent waits for the next delivery."""

    def sent(day: Day) -> Mapping[str, Mapping[str, Any]]:
        return {"notifications": dict(deliver_now(day.workspace))}

    yield from run_days(context, workspace, "outbox", outbox, ["notifications"], sent)
