"""Bring the marts up to date, and say how fresh each feed is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pyarrow as pa
from pydantic import Field, field_validator, model_validator

from pipelines.buckets import bucket_of
from pipelines.config import Settings
from pipelines.contracts.feeds import feeds
from pipelines.day import Block, Day, pack_buckets
from pipelines.defs.marts.build import FEEDS_OF_MART, create_mart_rows_table, month_bounds, months_between
from pipelines.defs.marts.changes import built_files, files_of, first_stale_day, stale_months, state_table
from pipelines.defs.marts.kept import COLUMNS_BY_FEED, first_news
from pipelines.engine import connect
from pipelines.lake import Lake
from pipelines.locks import INGEST, INGEST_SECONDS, held
from pipelines.workspace import Workspace
from pipelines.yaml_file import load_yaml

NEWEST = date(9999, 12, 31)
# How many months of how many merchants are built at once; a product mart has some thirty rows for each of the other's.
MEMORY_LIMIT = "1500MB"  # beyond it the engine spills to disk
BATCH_ROWS = 100_000
MERCHANT_MONTHS_AT_ONCE = {"merchant_day": 10_000, "sku_day": 2_500}
# Feeds that merchant_day has no daily count of; they speak when a row is delivered.
WITHOUT_DAILY_COLUMN = ("products", "inbound", "events", "plans", "service_hour")
# Feeds in which nobody need ever say anything: who the merchants are, and what people answer.
SILENT_IS_FINE = frozenset({"merchants", "feedback", "actions"})
Progress = Callable[[str, int, int], None]


def update_mart(workspace: Workspace, mart: str, progress: Progress | None = None) -> dict[str, int]:
    """Build the months of a mart whose feeds have changed; return the rows written per month."""
    with held(workspace, INGEST, INGEST_SECONDS, "another process takes in files and"):
        return _update_mart(workspace, mart, progress)


def _update_mart(workspace: Workspace, mart: str, progress: Progress | None) -> dict[str, int]:
    lake = workspace.lake
    now = files_of(lake, mart)
    before = built_files(lake, mart)
    months, stale_from = stale_months(before, now, mart), first_stale_day(before, now)
    news = first_news(before, now, FEEDS_OF_MART[mart]) if mart in COLUMNS_BY_FEED else None
    blocks = blocks_of(workspace)
    written: dict[str, int] = {}
    for chunk in in_chunks(months, _months_at_once(mart, blocks)):
        if progress:
            progress(mart, len(written), len(months))
        first = max(month_bounds(chunk[0])[0], stale_from or date.min)
        predicate = " OR ".join(f"month = '{month}'" for month in chunk)
        if first > month_bounds(chunk[0])[0]:  # a new day is added to its month, not the month made anew
            predicate = f"({predicate}) AND date >= '{first.isoformat()}'"
        lake.replace(mart, predicate, _rows_of_months(lake, mart, chunk, first, blocks, written, news))
    if months:
        lake.replace("mart_state", f"mart = '{mart}'", state_table(mart, now))
    return written


def blocks_of(workspace: Workspace) -> list[Block]:
    """Buckets of the workspace, put together to blocks of merchants that fit into memory."""
    rows = workspace.lake.read("merchants", ["merchant_id"]).column("merchant_id").unique().to_pylist()
    counts = dict.fromkeys(range(workspace.config.buckets), 0)
    for merchant in rows:
        counts[bucket_of(merchant, workspace.config.buckets)] += 1
    return pack_buckets(counts.items(), workspace.config.block_merchants)


def _months_at_once(mart: str, blocks: list[Block]) -> int:
    """Months that fit into memory together: a small platform builds all its history in one commit."""
    merchants = max((block.merchants for block in blocks), default=1)
    return max(1, MERCHANT_MONTHS_AT_ONCE[mart] // max(merchants, 1))


def in_chunks(months: list[str], size: int) -> Iterator[list[str]]:
    """Cut months into runs of neighbours of at most `size`, because a build covers every day between its ends."""
    chunk: list[str] = []
    for month in months:
        follows = bool(chunk) and months_between(month_bounds(chunk[-1])[0], month_bounds(month)[0]) == [
            chunk[-1],
            month,
        ]
        if chunk and (len(chunk) == size or not follows):
            yield chunk
            chunk = []
        chunk.append(month)
    if chunk:
        yield chunk


def _rows_of_months(
    lake: Lake,
    mart: str,
    months: list[str],
    first: date,
    blocks: list[Block],
    written: dict[str, int],
    news: dict[str, date] | None,
) -> Iterator[pa.RecordBatch]:
    last = month_bounds(months[-1])[1]
    written.update(dict.fromkeys(months, 0))
    for block in blocks:
        with connect(MEMORY_LIMIT) as connection:
            create_mart_rows_table(connection, lake, mart, NEWEST, first, last, block.buckets, "rows", news)
            for month, count in connection.execute("SELECT month, count(*) FROM rows GROUP BY month").fetchall():
                written[month] += count
            yield from connection.sql("SELECT * FROM rows ORDER BY month, bucket, merchant_id, date").to_arrow_reader(
                BATCH_ROWS
            )


class Freshness(Settings):
    """When a feed is late or stale, for a feed promised every 24 hours; others in proportion."""

    late_hours: float = Field(gt=0)
    stale_hours: float = Field(gt=0)
    by_merchant: tuple[str, ...]
    history_days: int = Field(gt=0)

    @field_validator("by_merchant")
    @classmethod
    def _known_feeds(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in feeds()]:
            raise ValueError(f"no feed {unknown[0]!r}; the contract knows {', '.join(feeds())}")
        return names

    @model_validator(mode="after")
    def _late_before_stale(self) -> Freshness:
        if self.late_hours > self.stale_hours:
            raise ValueError(f"late_hours {self.late_hours:g} must not be above stale_hours {self.stale_hours:g}")
        return self


def feed_status(day: Day) -> dict[str, int]:
    """Write how fresh each feed is for each merchant on the day."""
    policy = load_yaml(day.workspace.policy_path("freshness.yaml"), Freshness)
    cadence = {name: feed.cadence_hours for name, feed in feeds().items() if name not in SILENT_IS_FINE}
    with day.connect("merchants", "merchant_day", *WITHOUT_DAILY_COLUMN) as connection:
        rows = day.query(
            connection,
            __file__,
            "feed_status.sql",
            feeds=list(cadence),
            cadences=[hours or 0.0 for hours in cadence.values()],
            by_merchant=list(policy.by_merchant),
            late_hours=policy.late_hours,
            stale_hours=policy.stale_hours,
            history_days=policy.history_days,
            run_hour=float(day.config.run_hour),
        )
    return {"feed_status": day.write("feed_status", rows)}
