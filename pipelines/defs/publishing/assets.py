"""Assets of publishing: thin; see step.py and warehouse.py for what they do."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines.day import Day
from pipelines.defs.common import DAILY, OWNERS, SINGLE_RUN, WorkspaceResource, run_days
from pipelines.defs.publishing.step import day_folder, pages, tower, tower_path
from pipelines.defs.publishing.warehouse import warehouse

_PAGE_TABLES = [
    "merchants", "segments", "merchant_risk", "leg_status", "metric_signals", "prompts", "replenishment_plan",
    "feed_status", "volume_forecast", "forecast_weights", "forecast_residuals", "event_calendar", "merchant_day",
]  # fmt: skip
_TOWER_TABLES = ["alerts", "alert_volume", "incidents", "forecast_quality"]


def _spec(name: str, deps: list[Any], description: str, kinds: set[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=name, deps=deps, description=description, group_name="publishing", kinds=kinds, owners=OWNERS
    )


def _folder(day: Day) -> Mapping[str, Mapping[str, Any]]:
    return {"pages": {"folder": dg.MetadataValue.path(str(day_folder(day)))}}


def _tower(day: Day) -> Mapping[str, Mapping[str, Any]]:
    return {"tower": {"page": dg.MetadataValue.path(str(tower_path(day)))}}


def _warehouse(day: Day) -> Mapping[str, Mapping[str, Any]]:
    return {"warehouse": {"file": dg.MetadataValue.path(str(day.workspace.published / "warehouse" / "latest.duckdb"))}}


@dg.multi_asset(
    specs=[_spec("pages", _PAGE_TABLES, "A page per merchant, in its language, with its spreadsheets.", {"html"})],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def merchant_pages(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write every merchant's page of the day."""
    yield from run_days(context, workspace, "pages", pages, ["pages"], _folder)


@dg.multi_asset(
    specs=[_spec("tower", ["pages", *_TOWER_TABLES], "The platform's page; makes the day visible.", {"html"})],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def platform_page(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Write the platform's page, then show the day."""
    yield from run_days(context, workspace, "tower", tower, ["tower"], _tower)


@dg.multi_asset(
    specs=[_spec("warehouse", ["prompts", "alerts"], "Every table in one DuckDB file, for analysts.", {"duckdb"})],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def published_warehouse(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Publish the day's tables for analysts."""
    yield from run_days(context, workspace, "warehouse", warehouse, ["warehouse"], _warehouse)
