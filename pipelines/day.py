"""What every step of a day gets: the day, the lake, and reading as of that day.

The idea: a step cannot read the future, because the views it is given hold none. Feeds show, per key, the newest
version delivered by the day; marts show each row as it was known then; made tables show nothing made later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from pipelines.asof import create_as_of_view
from pipelines.config import WorkspaceConfig
from pipelines.lake import Lake, TableData
from pipelines.tables import tables
from pipelines.views import connect_to
from pipelines.workspace import Workspace


@dataclass(frozen=True)
class Block:
    """Merchants that are worked on at once: those of a few buckets."""

    buckets: tuple[int, ...]
    merchants: int


@dataclass(frozen=True)
class Day:
    """A day to navigate, live or in a backtest."""

    workspace: Workspace
    as_of: date
    kind: Literal["live", "backtest"] = "live"
    backtest: str = ""
    step_days: int = 1
    """Days between this day and the one navigated before it (a backtest may leave days out)."""

    @property
    def config(self) -> WorkspaceConfig:
        """Settings of the workspace."""
        return self.workspace.config

    @property
    def lake(self) -> Lake:
        """The lake that this day writes to."""
        return self.workspace.lake.scoped(self.backtest) if self.kind == "backtest" else self.workspace.lake

    def connect(
        self, *names: str, buckets: Sequence[int] | None = None, since: date | None = None
    ) -> duckdb.DuckDBPyConnection:
        """Open an engine with one view per named table, as of the day.

        Parameters
        ----------
        names
            Feeds, marts or made tables.
        buckets
            Only merchants of these buckets (tables that have the column).
        since
            Marts: only dates from here on.
        """
        # Who reads a block or a stretch of days reads much; an engine of its own gives the memory back when it ends.
        connection = connect_to(self.lake, own=buckets is not None or since is not None)
        # Marts first: building rows of the past creates views of feeds, restricted to the days that are built.
        for name in sorted(names, key=lambda one: not _is_mart(one)):
            create_as_of_view(connection, self.lake, name, self.as_of, buckets=buckets, since=since)
        return connection

    def query(self, connection: duckdb.DuckDBPyConnection, beside: str, name: str, **parameters: Any) -> pa.Table:
        """Run the SQL file `name` that lies beside the Python file `beside`, with bound parameters."""
        sql = (Path(beside).parent / name).read_text(encoding="utf-8")
        if "$as_of" in sql:
            parameters.setdefault("as_of", self.as_of)
        return connection.sql(sql, params=parameters).to_arrow_table()

    def write(self, table: str, data: TableData) -> int:
        """Replace what a table holds for the day; return the rows written."""
        return self.lake.replace_day(table, self.as_of, data)

    def blocks(self) -> list[Block]:
        """Merchants known on the day, cut into blocks of whole buckets of about `block_merchants`."""
        with self.connect("merchants") as connection:
            rows = connection.execute("SELECT bucket, count(*) FROM merchants GROUP BY 1 ORDER BY 1").fetchall()
        return pack_buckets(rows, self.config.block_merchants)


def pack_buckets(rows: Iterable[tuple[int, int]], most: int) -> list[Block]:
    """Put consecutive buckets together while their merchants stay within `most`; a fuller bucket stands alone."""
    blocks: list[Block] = []
    for bucket, merchants in rows:
        if blocks and blocks[-1].merchants + merchants <= most:
            blocks[-1] = Block((*blocks[-1].buckets, bucket), blocks[-1].merchants + merchants)
        else:
            blocks.append(Block((bucket,), merchants))
    return blocks


def _is_mart(name: str) -> bool:
    known = tables().get(name)
    return known is not None and known.layout == "month"
