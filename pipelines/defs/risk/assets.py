"""Assets of the risk step: thin; see step.py for what they do. Each shows its day as a small table in Dagster."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import pyarrow as pa

from pipelines.day import Day
from pipelines.defs.common import DAILY, SINGLE_RUN, Details, WorkspaceResource, run_days, table_spec
from pipelines.defs.risk.step import metric_signals, risk

SIGNAL_TABLES = ("metric_signals", "leg_scores", "group_findings")
STANDING_TABLES = ("leg_status", "incidents", "leg_control", "merchant_risk", "merchant_outlook", "peer_matches")
OVERVIEWS = {
    "metric_signals": "sql/metrics_overview.sql",
    "leg_status": "sql/legs_overview.sql",
    "incidents": "sql/incidents_overview.sql",
    "merchant_risk": "sql/merchants_overview.sql",
}
SIGNAL_DEPS = (
    "merchants", "segments", "merchant_day", "sku_day", "feed_status", "forecast_residuals", "volume_forecast_sum",
    "event_calendar", "replenishment_plan", "service_hour", "roster",
)  # fmt: skip


def overviews(*tables: str) -> Details:
    """Return what reads the overviews of tables for a day."""

    def details(day: Day) -> Mapping[str, Mapping[str, Any]]:
        found = {}
        for table in tables:
            with day.connect(table) as connection:
                rows = day.query(connection, __file__, OVERVIEWS[table])
            found[table] = {"overview": dg.MetadataValue.md(as_markdown(rows))}
        return found

    return details


def as_markdown(rows: pa.Table) -> str:
    """Write a small table as Markdown; names that come from data cannot break out of their cell."""
    lines = [rows.column_names, ["---"] * rows.num_columns]
    lines += [[_cell(value) for value in row.values()] for row in rows.to_pylist()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


@dg.multi_asset(
    specs=[table_spec(table, deps=list(SIGNAL_DEPS)) for table in SIGNAL_TABLES],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def signals_of_merchants(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Give every metric of every merchant its light and its evidence, and find groups that moved as a whole."""
    details = overviews("metric_signals")
    yield from run_days(context, workspace, "metric_signals", metric_signals, list(SIGNAL_TABLES), details)


@dg.multi_asset(
    specs=[
        table_spec(
            table,
            deps=[
                *SIGNAL_TABLES,
                "merchants",
                "merchant_day",
                "plans",
                "feed_status",
                "volume_forecast_sum",
                "feedback",
            ],
        )
        for table in STANDING_TABLES
    ],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def standing_of_merchants(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Light every leg, open and close incidents, put the merchants in order and find their peers."""
    details = overviews("leg_status", "incidents", "merchant_risk")
    yield from run_days(context, workspace, "risk", risk, list(STANDING_TABLES), details)
