"""The audit sample of a day, written with its alerts."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from models.risk.alert_policy import AuditPolicy
from models.risk.audit import draw_audits
from pipelines.day import Day
from pipelines.defs.alerting.previous import as_frame

TABLE = "audit_sample"
READS = ("merchant_risk", "leg_scores", "segments")


def audit_sample(day: Day, today: pa.Table, policy: AuditPolicy) -> pa.Table:
    """Rows of `audit_sample`: merchants to look at although nothing rang.

    Parameters
    ----------
    today : Table
        The alerts of the day.
    """
    with day.connect(*READS) as connection:
        connection.register("today", today)
        merchants = as_frame(day.query(connection, __file__, "audit_merchants.sql"))
    drawn = draw_audits(merchants, policy, day.as_of, day.step_days)
    return pa.Table.from_pandas(drawn.assign(as_of=pd.Timestamp(day.as_of)), preserve_index=False)
