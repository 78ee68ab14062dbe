"""The step that forecasts the consultations of the next two weeks and plans people for them.

What categories have in common is learned from a fixed sample of merchants; then merchants are served block by block, so
that memory does not grow with the platform and no figure depends on the blocks. Merchants without hourly consultations
get no rows; without a roster, agents_rostered and the gap are not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.staffing.consultations import Consultations, expect, handle_time, human_share
from models.staffing.desk import PHASES
from models.staffing.plan import agents_needed, with_larger_bot
from models.staffing.policy import StaffingPolicy
from models.staffing.pooled import Pooled, pool
from models.staffing.quality import Row, judge
from pipelines.day import Day
from pipelines.defs.navigation.policy import staffing_policy
from pipelines.defs.navigation.staffing_desks import Shops, hours_from, open_merchants, read_shops, with_hours
from pipelines.sampling import sample_of
from pipelines.scratch import scratch
from pipelines.tables import tables


def staffing_plan(day: Day) -> dict[str, int]:
    """Write `service_forecast`, its quality and `staffing_plan` for the day; return the rows written."""
    policy = staffing_policy(day.workspace)
    # The plan waits in a file while the forecast is written: kept in memory it would grow with the platform.
    with scratch(day.workspace, "staffing") as folder:
        plan, quality = Spool(folder / "plan.arrow"), list[Row]()
        return {
            "service_forecast": day.write("service_forecast", _forecasts(day, policy, plan, quality)),
            "staffing_plan": day.write("staffing_plan", plan.read()),
            "service_quality": day.write("service_quality", _judged(day, quality)),
        }


def _judged(day: Day, quality: list[Row]) -> pa.Table:
    rows: list[dict[str, Any]] = [{"made_on": day.as_of, **row} for row in quality]
    return pa.Table.from_pylist(rows, tables()["service_quality"].schema)


class Spool:
    """Tables of one schema that wait in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pa.RecordBatchFileWriter | None = None

    def add(self, table: pa.Table) -> None:
        """Append a table."""
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._path), table.schema)
        self._writer.write_table(table)

    def read(self) -> Iterator[pa.Table]:
        """Give the tables back, a part at a time; nothing where none was added."""
        if self._writer is None:
            return
        self._writer.close()
        with pa.ipc.open_file(str(self._path)) as file:
            for part in range(file.num_record_batches):
                yield pa.Table.from_batches([file.get_batch(part)])


def _forecasts(day: Day, policy: StaffingPolicy, plan: Spool, quality: list[Row]) -> Iterator[pa.Table]:
    merchants, first = open_merchants(day), hours_from(day)
    codes = {name: code for code, name in enumerate(sorted(set(merchants["category"])))}
    candidates = with_hours(day, merchants) if len(merchants) > policy.sample_merchants else merchants
    sample = read_shops(day, sample_of(candidates, policy.sample_merchants), None, codes, policy, first)
    if sample is None:
        return
    pooled = pool(sample.desks, len(codes), policy)
    quality += judge(sample.desks, len(codes), policy)
    del sample
    for block in day.blocks():
        members = merchants[merchants["bucket"].isin(block.buckets)]
        shops = read_shops(day, members, block.buckets, codes, policy, first) if len(members) else None
        if shops is not None:
            expected = expect(shops.desks, pooled)
            plan.add(_plan_rows(day, shops, expected, pooled, policy))
            yield _forecast_rows(day, shops, expected)


def _forecast_rows(day: Day, shops: Shops, expected: Consultations) -> pa.Table:
    sessions = expected.mean
    merchants, phases, days, hours = (index.ravel() for index in np.indices(sessions.shape))
    return pa.table(
        {
            "made_on": pa.array(np.full(sessions.size, np.datetime64(day.as_of))),
            "merchant_id": pa.array(shops.merchants, pa.string()).take(pa.array(merchants)),
            "phase": pa.array(PHASES).take(pa.array(phases)),
            "target_date": pa.array(_dates(day, days)),
            "hour": hours,
            "mean": sessions.ravel(),
            **{name: values.ravel() for name, values in expected.quantiles().items()},
        }
    )


def _plan_rows(day: Day, shops: Shops, expected: Consultations, pooled: Pooled, policy: StaffingPolicy) -> pa.Table:
    sessions = expected.mean
    share, handle = human_share(shops.desks, pooled, policy), handle_time(shops.desks, pooled, policy)
    needed = agents_needed(sessions, share, handle, shops.concurrency, policy)
    with_bot = agents_needed(sessions, with_larger_bot(share, policy), handle, shops.concurrency, policy)
    merchants, days, hours = (index.ravel() for index in np.indices(needed.shape))
    known = ~np.isnan(shops.agents)
    return pa.table(
        {
            "as_of": pa.array(np.full(needed.size, np.datetime64(day.as_of))),
            "merchant_id": pa.array(shops.merchants, pa.string()).take(pa.array(merchants)),
            "date": pa.array(_dates(day, days)),
            "hour": hours,
            "sessions": sessions.sum(axis=1).ravel(),
            "human_sessions": (sessions * share[:, :, None, None]).sum(axis=1).ravel(),
            "pre_sale_sessions": sessions[:, 0].ravel(),
            "agents_needed": needed.ravel(),
            "agents_rostered": pa.array(shops.agents.ravel(), from_pandas=True),
            "gap": pa.array(np.where(known, needed - shops.agents, np.nan).ravel(), from_pandas=True),
            "agents_needed_with_bot": with_bot.ravel(),
        }
    )


def _dates(day: Day, offsets: NDArray[np.int64]) -> NDArray[np.datetime64]:
    return np.datetime64(day.as_of) + offsets + 1
