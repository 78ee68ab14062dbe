"""Merchants and their days as matrices: what the step's calculations start from.

The idea: one order of merchants for the whole step, blocks lying together in it, so that arrays of blocks can simply be
put one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.metrics.catalogue import WindowedMetric
from models.metrics.profile import Profile
from pipelines.day import Day
from pipelines.defs.marts.columns import merchant_day_schema

FloatArray = npt.NDArray[np.float64]
TextArray = npt.NDArray[np.object_]

ATTRIBUTES = ("category", "region", "growth_stage", "size_class", "carrier", "warehouse")
LONG_WINDOW_DAYS = 120  # windows beyond it do not widen the panel of all columns
STOCK_HOURS = frozenset({"stock_weighted_hours_in_stock", "stock_weighted_hours_open", "stock_product_days"})
PRICES = frozenset({"prices_units_odd", "prices_units_known"})
OF_PRODUCTS = STOCK_HOURS | PRICES  # columns that are added up from days of products


@dataclass(frozen=True)
class Merchants:
    """Merchants of the day in the order of all arrays."""

    ids: pa.Array
    buckets: npt.NDArray[np.int64]
    attributes: dict[str, TextArray]
    mentor_opt_in: npt.NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Number of merchants."""
        return len(self.ids)

    def codes(self, attribute: str) -> npt.NDArray[np.int64]:
        """Number of each merchant's value of an attribute, (merchants,)."""
        return np.unique(self.attributes[attribute].astype(str), return_inverse=True)[1].astype(np.int64)

    def places(self) -> pa.Table:
        """Merchant ids with their places, for joins."""
        return pa.table({"merchant_id": self.ids, "place": pa.array(np.arange(self.count), pa.int64())})


def read_merchants(day: Day) -> Merchants:
    """Read the merchants of the day and what they are grouped by."""
    with day.connect("merchants", "segments") as connection:
        rows = day.query(connection, __file__, "sql/merchants.sql")
    attributes = {name: rows.column(name).to_numpy(zero_copy_only=False).astype(object) for name in ATTRIBUTES}
    return Merchants(
        rows.column("merchant_id").combine_chunks(),
        rows.column("bucket").to_numpy().astype(np.int64),
        attributes,
        rows.column("mentor_opt_in").to_numpy(zero_copy_only=False).astype(bool),
    )


@dataclass(frozen=True)
class Panel:
    """Columns by merchant and day of one block; the last day is as_of."""

    start: int
    stop: int
    days: int
    rows: pa.Table
    extra: tuple[pa.Table, ...] = ()

    def column(self, name: str) -> FloatArray:
        """Matrix (merchants of the block, days) of a column; NaN where nothing is known."""
        matrix = np.full((self.stop - self.start, self.days), np.nan)
        for source, cells in self._sources:
            if name in source.column_names:
                matrix.ravel()[cells] = source.column(name).to_numpy()
                break
        return matrix

    @cached_property
    def _sources(self) -> list[tuple[pa.Table, npt.NDArray[np.int64]]]:
        """Tables with the cell of the flat matrix that each row fills."""
        return [(table, self._cells(table)) for table in (*self.extra, self.rows)]

    def _cells(self, table: pa.Table) -> npt.NDArray[np.int64]:
        place, day = (table.column(name).to_numpy().astype(np.int64) for name in ("place", "day"))
        cells: npt.NDArray[np.int64] = (place - self.start) * self.days + day
        return cells


def check_columns(profile: Profile) -> None:
    """Refuse a profile whose metrics read columns that no feed makes.

    Raises
    ------
    ValueError
        Names the metric, the column, and where the columns are listed.
    """
    known = set(merchant_day_schema().names) | OF_PRODUCTS
    for metric in profile.windowed():
        for column in metric.columns:
            if column not in known:
                raise ValueError(
                    f"profile {profile.id}, metric {metric.id}: no column {column!r} in merchant_day; "
                    "columns are named <feed>_<column>, see docs/guide/analyst.md"
                )


def blocks_of(day: Day, merchants: Merchants) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Start, stop and buckets of each block of merchants."""
    for block in day.blocks():
        inside = np.flatnonzero(np.isin(merchants.buckets, block.buckets))
        if len(inside):
            yield int(inside[0]), int(inside[-1]) + 1, block.buckets


def read_panel(
    day: Day,
    merchants: Merchants,
    block: tuple[int, int, tuple[int, ...]],
    columns: Sequence[str],
    days: int,
    profile: Profile | None = None,
) -> Panel:
    """Read a block's days up to as_of.

    Parameters
    ----------
    columns
        Columns of merchant_day, or of the hours in stock when a profile says how long shops are open.
    """
    start, stop, buckets = block
    first = day.as_of - timedelta(days=days - 1)
    wanted = merchants.places().slice(start, stop - start)
    stock_hours = sorted(STOCK_HOURS & set(columns))
    prices = bool(PRICES & set(columns)) and profile is not None
    tables = ["merchant_day", *(["sku_day", "replenishment_plan"] if stock_hours else ["sku_day"] if prices else [])]
    with day.connect(*tables, buckets=buckets, since=first) as connection:
        connection.register("block_merchants", wanted)
        of_day = [name for name in columns if name not in OF_PRODUCTS]
        rows = day.query(connection, __file__, "sql/panel.sql", columns=of_day, first=first)
        extra = []
        if stock_hours and profile is not None:
            since = _read_from(day, profile, STOCK_HOURS)
            hours = day.query(
                connection, __file__, "sql/stock_hours.sql", first=since, open_hours=profile.levels.open_hours
            )
            extra.append(_shifted(hours, (since - first).days))
        if prices and profile is not None:
            since = _read_from(day, profile, PRICES)
            extra.append(_shifted(_odd_prices(day, connection, since, profile), (since - first).days))
    return Panel(start, stop, days, rows, tuple(extra))


def _odd_prices(day: Day, connection: duckdb.DuckDBPyConnection, since: date, profile: Profile) -> pa.Table:
    levels = profile.levels
    return day.query(
        connection,
        __file__,
        "sql/prices.sql",
        first=since,
        usual_from=since - timedelta(days=levels.price_days),
        usual_days=levels.price_days,
        least_days=levels.price_least_days,
        odd_price=levels.odd_price,
    )


def _read_from(day: Day, profile: Profile, columns: frozenset[str]) -> date:
    """First day of some columns that any metric reads: the window and the one before; residuals make do with those."""
    longest = max((one.days_needed for one in profile.windowed() if columns & set(one.columns)), default=1)
    return day.as_of - timedelta(days=2 * longest - 1)


def _shifted(rows: pa.Table, days: int) -> pa.Table:
    shifted = pa.array(rows.column("day").to_numpy() + days)
    return rows.set_column(rows.column_names.index("day"), "day", shifted)


def days_needed(profile: Profile, residual_days: int) -> int:
    """Days that windows (this one and the one before) and residuals reach back to; long windows lie apart."""
    usual = [2 * length + one.lag for one in profile.windowed() for length in one.windows if length <= LONG_WINDOW_DAYS]
    lag = max((one.lag for one in profile.windowed()), default=0)
    return max(max(usual, default=1), residual_days + lag)


@dataclass(frozen=True)
class Panels:
    """A block's recent days, and those of the few columns that some metric looks back on over up to a year."""

    recent: Panel
    long: Panel | None = None

    def of(self, metric: WindowedMetric) -> Panel:
        """Panel that holds all days of a metric's windows."""
        return self.long if self.long is not None and metric.days_needed > self.recent.days else self.recent


def read_panels(
    day: Day, merchants: Merchants, block: tuple[int, int, tuple[int, ...]], days: int, profile: Profile
) -> Panels:
    """Read a block's panels; the long one only for a profile with windows that reach back beyond `days`."""
    recent = read_panel(day, merchants, block, profile.day_columns, days, profile)
    far = [one for one in profile.windowed() if one.days_needed > days]
    if not far:
        return Panels(recent)
    columns = sorted({column for one in far for column in one.columns})
    return Panels(recent, read_panel(day, merchants, block, columns, max(one.days_needed for one in far), profile))
