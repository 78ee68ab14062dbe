"""What all assets share: the workspace, the daily partitions, and one way to run a step for the days of a run.

The idea: an asset names its tables and its step function; everything else (which days, the run log, metadata, column
schemas with descriptions) happens here, so that assets stay a few lines long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import dagster as dg

from pipelines.contracts.feeds import feeds
from pipelines.day import Day
from pipelines.defs.marts.columns import merchant_day_schema
from pipelines.run_log import logged
from pipelines.tables import tables
from pipelines.workspace import Workspace

OWNERS = ["team:platform-analysts"]
KINDS = {"python", "deltalake", "duckdb"}
SINGLE_RUN = dg.BackfillPolicy.single_run()

Step = Callable[[Day], Mapping[str, int]]
Details = Callable[[Day], Mapping[str, Mapping[str, Any]]]


class WorkspaceResource(dg.ConfigurableResource[Any]):
    """The workspace that the assets read and write; by default the one named by the environment."""

    home: str = ""

    def open(self) -> Workspace:
        """Return the workspace."""
        return Workspace.at(self.home or None)


def daily_partitions() -> dg.DailyPartitionsDefinition:
    """One partition per statistics day, in the platform's zone.

    In UTC, Shanghai's 11 November would end a day late. Days ahead exist so that a simulated or imported platform whose
    data lie in the future of this machine's clock can be navigated.
    """
    config = Workspace.at().config
    return dg.DailyPartitionsDefinition(
        start_date=config.start_on.isoformat(), timezone=config.timezone, end_offset=config.partition_days_ahead
    )


DAILY = daily_partitions()


def column_schema(table: str) -> dg.TableSchema:
    """Columns of a table or feed with their types and descriptions, as Dagster shows them."""
    if table in feeds():
        columns = [
            dg.TableColumn(name, column.type, description=_with_unit(column.description, column.unit))
            for name, column in feeds()[table].columns.items()
        ]
        return dg.TableSchema(columns)
    meaning = tables()[table]
    described = [
        dg.TableColumn(name, column.type, description=_with_unit(column.description, column.unit))
        for name, column in meaning.columns.items()
    ]
    if meaning.open_columns:
        known = set(meaning.columns)
        described += [
            dg.TableColumn(field.name, str(field.type), description="Count of the feed that it is named after")
            for field in merchant_day_schema()
            if field.name not in known
        ]
    return dg.TableSchema(described)


def _with_unit(description: str, unit: str) -> str:
    return f"{description} ({unit})" if unit else description


def table_spec(table: str, deps: Sequence[Any] = (), *, group: str | None = None, **more: Any) -> dg.AssetSpec:
    """Describe the asset of a table of `tables.yaml`."""
    meaning = tables()[table]
    return dg.AssetSpec(
        key=table,
        deps=list(deps),
        description=meaning.description,
        group_name=group or meaning.group,
        kinds=KINDS,
        owners=OWNERS,
        metadata={"dagster/column_schema": column_schema(table), "key": ", ".join(meaning.key)},
        **more,
    )


def days_of(context: dg.AssetExecutionContext, workspace: Workspace) -> list[Day]:
    """Days of a run's partitions, oldest first."""
    keys = sorted(context.partition_keys)
    return [Day(workspace, date.fromisoformat(key)) for key in keys]


def run_days(
    context: dg.AssetExecutionContext,
    workspace: WorkspaceResource,
    name: str,
    step: Step,
    made: Sequence[str],
    details: Details | None = None,
) -> Iterator[dg.MaterializeResult[Any]]:
    """Run a step for every day of the run and report each table that it made.

    Parameters
    ----------
    name
        Name of the step in the run log.
    step
        Writes its tables for a day and returns the rows written per table.
    made
        Keys of the assets (tables) that the step makes.
    details
        Returns more metadata per table for the last day: a plot or a table for the analyst.
    """
    opened = workspace.open()
    total = dict.fromkeys(made, 0)
    days = days_of(context, opened)
    for day in days:
        written = logged(day, name, context.run.run_id, step)
        for table in made:
            total[table] += written.get(table, 0)
    more = details(days[-1]) if details and days else {}
    for table in made:
        metadata = {"dagster/row_count": total[table], **more.get(table, {})}
        yield dg.MaterializeResult(asset_key=table, metadata=metadata)
