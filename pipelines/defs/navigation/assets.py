"""Assets of navigation: thin; see step.py for what they do. Each shows its day as a small table in Dagster."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import pyarrow as pa

from pipelines.day import Day
from pipelines.defs.common import DAILY, SINGLE_RUN, Details, WorkspaceResource, run_days, table_spec
from pipelines.defs.navigation.step import prompts, replenishment_plan, segments, staffing_plan

OVERVIEWS = {
    "segments": "segments_overview.sql",
    "replenishment_plan": "plan_overview.sql",
    "staffing_plan": "staffing_overview.sql",
    "service_quality": "service_quality_overview.sql",
    "prompts": "prompts_overview.sql",
}


def overview(table: str) -> Details:
    """Return what reads the overview of a table for a day."""

    def details(day: Day) -> Mapping[str, Mapping[str, Any]]:
        with day.connect(table) as connection:
            rows = day.query(connection, __file__, OVERVIEWS[table])
        return {table: {"overview": dg.MetadataValue.md(as_markdown(rows))}}

    return details


def as_markdown(rows: pa.Table) -> str:
    """Write a small table as Markdown; names that come from data cannot break out of their cell."""
    lines = [rows.column_names, ["---"] * rows.num_columns]
    lines += [[_cell(value) for value in row.values()] for row in rows.to_pylist()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else f"{value:,.0f}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")


@dg.multi_asset(
    specs=[table_spec("segments", deps=["merchants", "merchant_day"])],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def merchant_segments(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Tell merchants apart by growth stage and size."""
    yield from run_days(context, workspace, "segments", segments, ["segments"], overview("segments"))


@dg.multi_asset(
    specs=[
        table_spec(
            "replenishment_plan",
            deps=["merchants", "products", "inbound", "sku_day", "sku_forecast", "event_calendar"],
        )
    ],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def product_plan(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Say what to reorder, how much and by when."""
    made = ["replenishment_plan"]
    yield from run_days(context, workspace, "replenishment_plan", replenishment_plan, made, overview(made[0]))


def _staffing_overviews(day: Day) -> Mapping[str, Mapping[str, Any]]:
    return {**overview("staffing_plan")(day), **overview("service_quality")(day)}


STAFFING_TABLES = ("service_forecast", "service_quality", "staffing_plan")
STAFFING_DEPS = ["merchants", "service_hour", "roster", "volume_forecast", "merchant_day"]


@dg.multi_asset(
    specs=[table_spec(name, deps=STAFFING_DEPS) for name in STAFFING_TABLES],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def desk_plan(context: dg.AssetExecutionContext, workspace: WorkspaceResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Say how many people the consultations of the next two weeks need."""
    made = list(STAFFING_TABLES)
    yield from run_days(context, workspace, "staffing_plan", staffing_plan, made, _staffing_overviews)


@dg.multi_asset(
    specs=[
        table_spec(
            "prompts",
            deps=[
                "merchants", "segments", "volume_forecast", "forecast_residuals", "event_calendar", "leg_status",
                "metric_signals", "replenishment_plan", "staffing_plan", "feed_status",
            ],
        )
    ],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)  # fmt: skip
def merchant_prompts(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Say what each merchant should do, by money."""
    yield from run_days(context, workspace, "prompts", prompts, ["prompts"], overview("prompts"))
