"""Landing files from a table, in the columns of the contract: one per day of delivery, or one for a history.

Shared by importers, so that each of them only says which of its own columns mean what. Where a source does not say when
its rows arrived, they go into a history file: the reader dates them by the feed's declared maturity, marked as assumed.
A file is written under a hidden name and renamed when it is whole, so that a run that starts meanwhile never reads half
of it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.contracts.feeds import Feed, feeds
from pipelines.workspace import Workspace

DELIVERED_ON = "delivered_on"


def write_landing_files(workspace: Workspace, feed: str, rows: pa.Table) -> int:
    """Write rows as landing files by day of delivery; return how many rows were written.

    Parameters
    ----------
    rows : pyarrow.Table
        A date column `delivered_on`, and columns of the feed; those that are missing become empty ("not known").

    Raises
    ------
    ValueError
        When a column is neither `delivered_on` nor the feed's, or a required one is missing.
    """
    contract = feeds()[feed]
    _check_columns(feed, contract, rows)
    folder = workspace.landing / feed
    folder.mkdir(parents=True, exist_ok=True)
    rows = rows.sort_by(DELIVERED_ON)
    data = _in_contract(contract, rows)
    days = rows.column(DELIVERED_ON).combine_chunks().cast(pa.date32())
    for day, begin, count in _runs(days):
        _write(folder / f"{day.isoformat()}.parquet", data.slice(begin, count))
    return int(rows.num_rows)


def write_history_file(workspace: Workspace, feed: str, name: str, rows: pa.Table) -> int:
    """Write rows without a day of delivery as `history-<name>.parquet`; return how many rows were written.

    Parameters
    ----------
    rows : pyarrow.Table
        Columns of the feed; those that are missing become empty ("not known").

    Raises
    ------
    ValueError
        When a column is not the feed's, or a required one is missing.
    """
    contract = feeds()[feed]
    _check_required(feed, contract, rows)
    if foreign := [column for column in rows.column_names if column not in contract.columns]:
        raise ValueError(f"feed {feed}: {foreign} are none of its columns")
    folder = workspace.landing / feed
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"history-{name}.parquet", _in_contract(contract, rows))
    return int(rows.num_rows)


def _check_columns(feed: str, contract: Feed, rows: pa.Table) -> None:
    foreign = [name for name in rows.column_names if name not in contract.columns and name != DELIVERED_ON]
    if foreign or DELIVERED_ON not in rows.column_names:
        raise ValueError(
            f"feed {feed}: needs {DELIVERED_ON} and columns of the feed; {foreign} are none of its columns"
        )
    _check_required(feed, contract, rows)


def _check_required(feed: str, contract: Feed, rows: pa.Table) -> None:
    required = [name for name, column in contract.columns.items() if column.required and column.default is None]
    if missing := [name for name in required if name not in rows.column_names]:
        raise ValueError(f"feed {feed}: required columns are missing: {missing}")


def _in_contract(contract: Feed, rows: pa.Table) -> pa.Table:
    columns = [
        rows.column(field.name).cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(rows.num_rows, field.type)
        for field in contract.schema
    ]
    return pa.table(columns, schema=contract.schema)


def _runs(days: pa.Array) -> list[tuple[date, int, int]]:
    """Days in sorted order, each with the place where it begins and how many rows it has."""
    if not len(days):
        return []
    encoded = pc.run_end_encode(days)
    ends = np.asarray(encoded.run_ends)
    begins = np.concatenate(([0], ends[:-1])).astype(int)
    return [
        (day, int(begin), int(end - begin))
        for day, begin, end in zip(encoded.values.to_pylist(), begins, ends, strict=True)
    ]


def _write(path: Path, data: pa.Table) -> None:
    hidden = path.with_name(f".{path.name}.part")
    pq.write_table(data, hidden, compression="zstd")
    hidden.replace(path)
