"""Assets of the forecasts: thin; see step.py for what they do."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.defs.common import DAILY, SINGLE_RUN, WorkspaceResource, run_days, table_spec
from pipelines.defs.forecasts.overview import details
from pipelines.defs.forecasts.step import forecasts

READS = ["merchant_day", "sku_day", "merchants", "products", "events", "plans", "segments"]
MADE = [
    "event_calendar",
    "volume_forecast",
    "volume_forecast_sum",
    "sku_forecast",
    "forecast_residuals",
    "forecast_weights",
    "forecast_quality",
]


@dg.multi_asset(
    specs=[table_spec(table, deps=["events"] if table == "event_calendar" else READS) for table in MADE],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def volumes_ahead(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Forecast every merchant, product and measure, and say how good the forecasts of late have been."""
    yield from run_days(context, workspace, "forecasts", forecasts, MADE, details)
