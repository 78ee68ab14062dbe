"""Columns of `merchant_day`: derived from the SQL that makes it, described from the feeds they come from."""

from __future__ import annotations

from datetime import date
from functools import cache

import pyarrow as pa

from pipelines.engine import connect
from pipelines.lake import Lake


@cache
def merchant_day_schema() -> pa.Schema:
    """Schema of `merchant_day` as its SQL makes it from empty feeds."""
    from pipelines.defs.marts.build import create_mart_rows_table

    empty = Lake("/nonexistent-lake")
    with connect() as connection:
        day = date(2000, 1, 1)
        create_mart_rows_table(connection, empty, "merchant_day", day, day, day, None, "rows")
        return connection.sql("SELECT * EXCLUDE (month) FROM rows").to_arrow_table().schema
