"""Facts that the playbook looks at, one table per source, for a block of merchants."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa

from models.metrics.profile import Profile
from models.navigation.playbook import Playbook
from models.navigation.sources import MERCHANT_COLUMNS
from pipelines.day import Block, Day

TABLES = (
    "merchants", "segments", "volume_forecast", "forecast_residuals", "event_calendar", "leg_status", "metric_signals",
    "replenishment_plan", "staffing_plan", "feed_status",
)  # fmt: skip
FILES = {
    "signals": "signal_facts.sql",
    "products": "product_facts.sql",
    "feeds": "feed_facts.sql",
    "staffing": "staffing_facts.sql",
}


@dataclass(frozen=True)
class Facts:
    """Facts of a block: rows by source, and the language of each merchant."""

    by_source: dict[str, pd.DataFrame]
    locales: pd.Series[str]


def read_facts(day: Day, block: Block, playbook: Playbook, profile: Profile) -> Facts:
    """Read what the playbook looks at, as known on the day."""
    with day.connect(*TABLES, buckets=block.buckets) as connection:
        _register(connection, playbook, profile)
        # Dates as timestamps: a column of Python objects would be read one by one again.
        tables = {name: day.query(connection, __file__, file) for name, file in FILES.items()}
        merchants = day.query(connection, __file__, "merchant_facts.sql").to_pandas(date_as_object=False)
    sources = {name: table.to_pandas(date_as_object=False) for name, table in tables.items()}
    by_source = {"merchants": merchants} | {
        name: rows.merge(merchants[["merchant_id", *_shared(playbook, name)]], on="merchant_id", how="inner")
        for name, rows in sources.items()
    }
    return Facts(by_source, merchants.set_index("merchant_id")["locale"])


def _register(connection: duckdb.DuckDBPyConnection, playbook: Playbook, profile: Profile) -> None:
    metrics = profile.metrics
    rows = {
        "metric": [metric.id for metric in metrics],
        "unit": [metric.unit for metric in metrics],
        "decimals": [metric.decimals for metric in metrics],
        "better": [metric.better for metric in metrics],
    }
    connection.register("metric_rows", pa.table(rows))
    feed_legs = playbook.settings.feed_legs
    connection.register("feed_legs", pa.table({"feed": list(feed_legs), "leg": list(feed_legs.values())}))


def _shared(playbook: Playbook, source: str) -> list[str]:
    """Columns of the merchant that situations over a source read, so that no more are copied to every row."""
    mine = [situation for situation in playbook.said() if situation.source == source]
    read = {column for situation in mine for column in situation.columns_read}
    return sorted((read | {column for column in MERCHANT_COLUMNS if column.startswith("light_")}) & MERCHANT_COLUMNS)
