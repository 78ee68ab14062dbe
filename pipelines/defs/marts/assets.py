"""Assets of the marts: thin; see step.py for what they do."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.defs.common import DAILY, SINGLE_RUN, WorkspaceResource, run_days, table_spec
from pipelines.defs.marts.build import FEEDS_OF_MART
from pipelines.defs.marts.step import WITHOUT_DAILY_COLUMN, feed_status, update_mart


def _mart(workspace: WorkspaceResource, mart: str) -> dg.MaterializeResult[Any]:
    written = update_mart(workspace.open(), mart)
    months = "\n".join(f"| {month} | {rows} |" for month, rows in written.items())
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(written.values()),
            "months built": dg.MetadataValue.md(
                f"| month | rows |\n|---|---|\n{months}" if written else "none changed"
            ),
        }
    )


@dg.multi_asset(specs=[table_spec("merchant_day", deps=[*FEEDS_OF_MART["merchant_day"], "merchants"])])
def merchant_day(workspace: WorkspaceResource) -> dg.MaterializeResult[Any]:
    """Build the months of merchant_day whose feeds have changed."""
    return _mart(workspace, "merchant_day")


@dg.multi_asset(specs=[table_spec("sku_day", deps=[*FEEDS_OF_MART["sku_day"], "merchants"])])
def sku_day(workspace: WorkspaceResource) -> dg.MaterializeResult[Any]:
    """Build the months of sku_day whose feeds have changed."""
    return _mart(workspace, "sku_day")


@dg.multi_asset(
    specs=[table_spec("feed_status", deps=["merchant_day", "merchants", *WITHOUT_DAILY_COLUMN])],
    partitions_def=DAILY,
    backfill_policy=SINGLE_RUN,
)
def feed_freshness(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Say how fresh each feed is for each merchant."""
    yield from run_days(context, workspace, "feed_status", feed_status, ["feed_status"])
