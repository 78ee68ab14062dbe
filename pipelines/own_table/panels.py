"""From a checked table to the panels that the forecast works on: one block of series after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from models.calendar.event import Event
from models.calendar.groups import build_day_groups, scopes_of
from models.forecasting.factors import DayLabels
from models.forecasting.learned import Setting
from models.forecasting.panel import Panel, mask_days, month_days, scatter, weekdays
from models.forecasting.policy import ForecastPolicy
from models.forecasting.rolling import SUM_DAYS
from pipelines.defs.forecasts.reading import known_plans
from pipelines.own_table.mistakes import sql_of
from pipelines.own_table.reading import OwnTable

COUNTS, MONEY = "orders", "gmv"  # the measures of the daily forecast that whole and measured values are like
BLOCK_CELLS = 4_000_000  # series times days in memory at once
KEEP_BYTES = 600_000_000  # panels below this stay in memory between passes; more are read again
BYTES_PER_CELL = 12


def setting_of(
    table: OwnTable, policy: ForecastPolicy, horizon: int, events: Sequence[Event], lifts: Mapping[str, float]
) -> tuple[Setting, np.ndarray]:
    """Labels of all days, and the scope (its group) of each series in order of their places."""
    groups = [name for (name,) in table.connection.execute("SELECT grp FROM series ORDER BY place").fetchall()]
    scopes, scope = scopes_of(groups, [""] * len(groups), events)
    days = table.history + max(horizon, SUM_DAYS[-1])
    first = table.first_on
    labels = DayLabels(
        weekdays(first, days), month_days(first, days), build_day_groups(events, scopes, first, days), np.zeros(days)
    )
    return Setting(labels, table.history, policy, lifts, first), scope


@dataclass
class TableBlocks:
    """The panels of a table; read again on every pass unless they fit into memory."""

    table: OwnTable
    setting: Setting
    scope: np.ndarray
    _kept: list[Panel] = field(default_factory=list)

    @property
    def measure(self) -> str:
        """The measure that the values are like."""
        return COUNTS if self.table.whole else MONEY

    @property
    def days(self) -> int:
        """Days of a panel, those ahead included."""
        return len(self.setting.labels.weekday)

    @property
    def size(self) -> int:
        """Series of a block."""
        return max(64, BLOCK_CELLS // self.days)

    def __call__(self) -> Iterator[Panel]:
        """Give every block anew."""
        if self._kept:
            yield from self._kept
            return
        fits, read = self.table.series * self.days * BYTES_PER_CELL < KEEP_BYTES, []
        for first in range(0, self.table.series, self.size):
            panel = self._panel(first, min(first + self.size, self.table.series))
            if fits:
                read.append(panel)
            yield panel
        self._kept = read

    def _panel(self, first: int, last: int) -> Panel:
        connection = self.table.connection
        cells: pa.Table = connection.sql(sql_of("block.sql"), params={"first": first, "last": last}).to_arrow_table()
        given = {name: cells.column(name).to_numpy() for name in cells.column_names}
        names = connection.execute(
            "SELECT series FROM series WHERE place >= $first AND place < $last ORDER BY place",
            {"first": first, "last": last},
        ).fetchall()
        rows, columns, shape = given["panel_row"], given["panel_column"], (last - first, self.days)
        plans = {name: np.full(shape, name == "is_open") for name in ("is_open", "promoted", "holiday")}
        for name, matrix in plans.items():
            matrix[rows, columns] = given[name]
        history = self.setting.history
        known = columns < history
        values = scatter(rows[known], columns[known], given["value"][known], (last - first, history))
        masked = mask_days(values, plans["is_open"][:, :history], np.full_like(values, np.nan), 1.0)
        ids = np.array([name for (name,) in names], dtype=object)
        scope = self.scope[first:last].astype(np.int32)
        known_more = known_plans(given, shape)
        return Panel(ids, scope, self.table.first_on, {self.measure: masked}, *plans.values(), **known_more)
