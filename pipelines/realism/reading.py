"""Reads from a workspace's landing files what the realism figures need.

The idea: landing files are read as they lie, so that a platform can be judged before anything has been run on it, and a
real one (imported, or one's own feeds) in the same way as a simulated one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.workspace import Workspace

MATURE_DAYS = 28  # after which the fate of an order day is known
PROMOTION_LEAST = 0.05  # depth below which a whole shop is not on promotion


@dataclass(frozen=True)
class Volumes:
    """Daily volumes (days, shops); NaN where a shop has no row; `promoted` likewise, `ordinary` (days,)."""

    first_day: date
    counts: NDArray[np.float64]
    promoted: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]

    @property
    def weekday(self) -> NDArray[np.int64]:
        """0 = Monday, of each day."""
        return (self.first_day.weekday() + np.arange(len(self.counts))) % 7


def read_volumes(workspace: Workspace) -> Volumes:
    """Orders of each shop and day, or units where no shop front tells orders.

    Raises
    ------
    FileNotFoundError
        When landing holds neither as Parquet.
    """
    feed, query = ("storefront", "orders") if files_of(workspace, "storefront") else ("sales", "units")
    files = files_of(workspace, feed)
    if not files:
        raise FileNotFoundError(
            f"{workspace.landing} holds no Parquet files of storefront or sales; run: merchant-gps simulate, or import"
        )
    with duckdb.connect() as connection:
        rows = _asked(connection, query, files=files)
        plans, events = files_of(workspace, "plans"), files_of(workspace, "events")
        promotions = _asked(connection, "promotions", files=plans, least=PROMOTION_LEAST) if plans else None
        event_days = _asked(connection, "event_days", files=events) if events else None
    days, merchants = _numbers(rows.column("date")), rows.column("merchant_id").combine_chunks().dictionary_encode()
    first, names = int(days.min()), merchants.dictionary.to_pylist()
    counts = np.full((int(days.max()) - first + 1, len(names)), np.nan)
    counts[days - first, merchants.indices.to_numpy()] = rows.column("amount").to_numpy()
    promoted = np.zeros(counts.shape, dtype=bool)
    if promotions is not None and promotions.num_rows:
        code = {name: number for number, name in enumerate(names)}
        shop = np.array([code.get(name, -1) for name in promotions.column("merchant_id").to_pylist()])
        day = _numbers(promotions.column("date")) - first
        inside = (shop >= 0) & (day >= 0) & (day < len(counts))
        promoted[day[inside], shop[inside]] = True
    ordinary = np.ones(len(counts), dtype=bool)
    if event_days is not None:
        day = _numbers(event_days.column("date")) - first
        ordinary[day[(day >= 0) & (day < len(counts))]] = False
    return Volumes(date.fromordinal(first + date(1970, 1, 1).toordinal()), counts, promoted, ordinary)


def read_parcels(workspace: Workspace) -> dict[str, NDArray[np.float64]]:
    """Sums (merchants,) of parcels due and late; empty without a feed `fulfilment`."""
    files = files_of(workspace, "fulfilment")
    if not files:
        return {}
    with duckdb.connect() as connection:
        rows = _asked(connection, "parcels", files=files, mature=MATURE_DAYS)
    return {name: rows.column(name).to_numpy() for name in rows.column_names if name != "merchant_id"}


def files_of(workspace: Workspace, feed: str) -> list[str]:
    """Parquet files of a feed, oldest delivery first."""
    return sorted(str(path) for path in (workspace.landing / feed).glob("*.parquet") if path.name[0] != ".")


def _asked(connection: duckdb.DuckDBPyConnection, query: str, **values: object) -> pa.Table:
    text = (Path(__file__).parent / f"{query}.sql").read_text(encoding="utf-8")
    return connection.sql(text, params=values).to_arrow_table()


def _numbers(days: pa.ChunkedArray) -> NDArray[np.int64]:
    """Days since 1970."""
    return np.asarray(days.cast(pa.date32()).cast(pa.int32()).to_numpy(), dtype=np.int64)
