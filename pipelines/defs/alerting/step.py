"""The alerts of a day: read what the day says, let the lifecycle decide, write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb
import pandas as pd
import pyarrow as pa

from models.risk.alert_policy import AlertPolicy
from models.risk.evidence import DayTables
from models.risk.lifecycle import Context, advance
from pipelines.day import Day
from pipelines.defs.alerting.audit import audit_sample
from pipelines.defs.alerting.heartbeat import heartbeats
from pipelines.defs.alerting.on_call import serve, waiting
from pipelines.defs.alerting.outbox import outbox as outbox_at
from pipelines.defs.alerting.policies import alert_policy
from pipelines.defs.alerting.previous import as_frame, previous_state
from pipelines.defs.alerting.run_failure import report_run_failure
from pipelines.engine import connect
from pipelines.workspace import Workspace

__all__ = ["alerts", "deliver_now", "heartbeats", "outbox", "report_run_failure", "waiting"]

RISK_TABLES = ("metric_signals", "leg_status", "merchant_risk", "replenishment_plan", "incidents", "segments")
FEEDS = ("merchants", "feedback")


def outbox(day: Day) -> dict[str, int]:
    """Write what the day calls for into the outbox, as of this moment."""
    return outbox_at(day, datetime.now(UTC))


def deliver_now(workspace: Workspace) -> dict[str, int]:
    """Find what must be told at this moment, and send what is due."""
    return serve(workspace, datetime.now(UTC))


def alerts(day: Day) -> dict[str, int]:
    """Write the alerts of the day, how many there are, and which merchants without one are to be looked at.

    Raises
    ------
    MissingDayError
        When the day before was not navigated although an earlier one was.
    """
    policy = alert_policy(day.workspace)
    previous = previous_state(day, policy.lifecycle.memory_days)
    with day.connect(*RISK_TABLES, *FEEDS) as connection:
        tables = day_tables(day, connection, previous, policy)
        context = day_context(day, connection)
    today = advance(previous, tables, context, policy, day.as_of, day.step_days)
    rows = pa.Table.from_pandas(today.assign(as_of=pd.Timestamp(day.as_of)), preserve_index=False)
    return {
        "alerts": day.write("alerts", rows),
        "audit_sample": day.write("audit_sample", audit_sample(day, rows, policy.audit)),
        "alert_volume": day.write("alert_volume", _volume(day, rows, len(context.merchants))),
    }


def day_tables(
    day: Day,
    connection: duckdb.DuckDBPyConnection,
    previous: pd.DataFrame,
    policy: AlertPolicy,
    also: Sequence[str] = (),
) -> DayTables:
    """Read what the lifecycle looks at; of merchants named in `also` every signal, whatever it says."""
    projection = policy.doors.projection
    risk = as_frame(day.query(connection, __file__, "risk.sql"))
    live = previous.loc[previous["status"] != "resolved", "merchant_id"]
    flagged = risk.loc[risk["flagged"].isin([True]), "merchant_id"]
    _register(connection, "watched", [*live, *flagged, *also])
    signals = as_frame(day.query(connection, __file__, "signals.sql", projection_threshold=projection.threshold))
    stock = day.query(
        connection, __file__, "stock.sql", threshold=projection.threshold, share=projection.stock_out.share_of_forecast
    )
    legs = day.query(connection, __file__, "legs.sql")
    roots = as_frame(day.query(connection, __file__, "roots.sql"))
    return DayTables(
        as_of=day.as_of, signals=signals, stock=as_frame(stock), legs=as_frame(legs), risk=risk, roots=roots
    )


def _register(connection: duckdb.DuckDBPyConnection, name: str, merchants: Sequence[str]) -> None:
    connection.register(name, pa.table({"merchant_id": pa.array(sorted(set(merchants)), pa.string())}))


def day_context(day: Day, connection: duckdb.DuckDBPyConnection) -> Context:
    """What people said by the day, open incidents, and who belongs to which group or crowd."""
    return Context(
        feedback=as_frame(day.query(connection, __file__, "feedback.sql")),
        incidents=as_frame(day.query(connection, __file__, "incidents.sql")),
        merchants=as_frame(day.query(connection, __file__, "merchants.sql")),
        crowd=as_frame(day.query(connection, __file__, "crowd.sql")),
    )


def _volume(day: Day, rows: pa.Table, merchants: int) -> pa.Table:
    with connect() as connection:
        connection.register("today", rows)
        return day.query(connection, __file__, "volume.sql", merchants=merchants)
